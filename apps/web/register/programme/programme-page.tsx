import { Skeleton } from '../../ui/loading';

export default function ProgrammePage(_: { slug: string }) {
  return <Skeleton />;
}
