export default function WallPage({ slug: _slug }: { slug: string }) {
  return <main id="content" />;
}
