import { Skeleton } from '../../ui/loading';

export default function SubForumPage(_: { slug: string; id: string }) {
  return <Skeleton />;
}
