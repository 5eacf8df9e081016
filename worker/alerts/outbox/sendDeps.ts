import { signLeaveToken } from '../../auth/leaveToken.ts';
import { giveAllowanceBack, tryAllowance } from '../../db/teams/limits.ts';
import { savedEmailAddress } from '../../domain/fields/emailAddress.ts';
import { emailKey } from '../../domain/teams/account.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import type { Settings } from '../channels/secrets.ts';
import type { AddressRules } from './address.ts';
import type { SendDeps } from './sendResult.ts';

export const addressRulesOf = ({ config }: Services): AddressRules => ({
  allowPrivate: config.allowPrivateTargets,
  ownHosts: config.ownHosts,
});

/** The same for a message of a channel: its recipients can unsubscribe. */
export const channelDepsOf = async (
  services: Services,
  { teamId, kind }: { teamId: string; kind: string },
  { to }: Settings,
): Promise<SendDeps> => {
  const deps = sendDepsOf(services, teamId);
  if (kind !== 'email' || !Array.isArray(to)) return deps;
  const { publicOrigin, sessionSecret } = services.config;
  const leaveUrls = await Promise.all(
    to.map(String).map(async (address) => {
      const token = await signLeaveToken({ teamId, addressKey: emailKey(savedEmailAddress(address)) }, sessionSecret);
      return [savedEmailAddress(address), `${publicOrigin}/leave/${token}`] as const;
    }),
  );
  return { ...deps, context: { ...deps.context, leaveUrls: new Map(leaveUrls) } };
};

/** Configuration and limits for sending for a team. */
export const sendDepsOf = (services: Services, teamId: string): SendDeps => {
  const { publicOrigin, mail, vapid } = services.config;
  return {
    now: services.now,
    rules: addressRulesOf(services),
    context: { publicOrigin, mail, vapid },
    mailAllowance: mailAllowanceOf(services, teamId),
  };
};

/** An unreadable allowance blocks no alert: it only prevents misuse. */
const mailAllowanceOf = (services: Services, teamId: string): SendDeps['mailAllowance'] => ({
  take: async (recipients) => {
    try {
      const { taken, limit, until } = await tryAllowance(services, teamId, 'emailsPerDay', recipients);
      if (taken) return null;
      const again = new Date(until).toISOString().slice(0, 16).replace('T', ' ');
      const problem = `Not sent: the team has reached its limit of ${limit} e-mail recipients a day (emailsPerDay). The limit resets at ${again} UTC; the operator can raise it.`;
      return { problem, until };
    } catch (error) {
      logFailure('effect', 'none', error, { teamId, limit: 'emailsPerDay' });
      return null;
    }
  },
  giveBack: (recipients) =>
    giveAllowanceBack(services, teamId, 'emailsPerDay', recipients).catch((error: unknown) =>
      logFailure('effect', 'none', error, { teamId, limit: 'emailsPerDay' }),
    ),
});
