import { Skeleton } from '../../ui/loading';

export default function ConferencesPage() {
  return <Skeleton />;
}
