import BellPlus from 'lucide-solid/icons/bell-plus';
import BellRing from 'lucide-solid/icons/bell-ring';
import Hash from 'lucide-solid/icons/hash';
import Mail from 'lucide-solid/icons/mail';
import MessageCircle from 'lucide-solid/icons/message-circle';
import MessagesSquare from 'lucide-solid/icons/messages-square';
import Send from 'lucide-solid/icons/send';
import Siren from 'lucide-solid/icons/siren';
import Smartphone from 'lucide-solid/icons/smartphone';
import Users from 'lucide-solid/icons/users';
import Webhook from 'lucide-solid/icons/webhook';
import { Dynamic } from 'solid-js/web';
import type { ChannelView } from '../../../../worker/contract/views.ts';

const icons: Record<ChannelView['kind'], typeof Mail> = {
  email: Mail,
  webhook: Webhook,
  slack: Hash,
  discord: MessagesSquare,
  teams: Users,
  telegram: Send,
  'google-chat': MessageCircle,
  mattermost: MessagesSquare,
  pagerduty: Siren,
  'incident-io': Siren,
  ntfy: BellRing,
  pushover: BellRing,
  gotify: BellRing,
  twilio: Smartphone,
  'web-push': BellPlus,
};

export const KindIcon = (props: { kind: ChannelView['kind'] }) => (
  <span class="kind-icon">
    <Dynamic component={icons[props.kind]} size={20} aria-hidden="true" />
  </span>
);
