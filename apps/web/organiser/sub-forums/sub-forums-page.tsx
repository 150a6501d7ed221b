export default function SubForumsPage({ slug: _slug }: { slug: string }) {
  return <main id="content" />;
}
