export default function PublicWall() {
  return <main id="content" />;
}
