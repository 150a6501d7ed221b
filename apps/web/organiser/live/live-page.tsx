export default function LivePage({ slug: _slug }: { slug: string }) {
  return <main id="content" />;
}
