export default function SubForumPage({ slug: _slug, id: _id }: { slug: string; id: string }) {
  return <main id="content" />;
}
