import { Skeleton } from '../../ui/loading';
import { Frame } from '../frame';

export default function RegistrationPage() {
  return (
    <Frame>
      <Skeleton />
    </Frame>
  );
}
