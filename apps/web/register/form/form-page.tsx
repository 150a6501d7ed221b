import { Skeleton } from '../../ui/loading';

export default function FormPage(_: { slug: string }) {
  return <Skeleton />;
}
