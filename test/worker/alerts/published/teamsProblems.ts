import { AdaptiveCard, type PropertyBag, SerializationContext } from 'adaptivecards';

/**
 * What Microsoft's own reader of adaptive cards complains about, and what it drops because it does not know it. Teams
 * takes cards up to version 1.5. https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference
 */
export const teamsProblems = (body: unknown): string[] => {
  const { type, attachments } = body as { type: string; attachments: { contentType: string; content: PropertyBag }[] };
  if (type !== 'message' || attachments.length !== 1) return ['not a message with one attachment'];
  return attachments.flatMap(({ contentType, content }) =>
    contentType === 'application/vnd.microsoft.card.adaptive' ? cardProblems(content) : [contentType],
  );
};

const cardProblems = (content: PropertyBag): string[] => {
  const context = new SerializationContext();
  const card = new AdaptiveCard();
  card.parse(content, context);
  const events = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i).message);
  const invalid = card.validateProperties().validationEvents.map(({ message }) => message);
  return [...events, ...invalid, ...(content.version > '1.5' ? [`version ${content.version}`] : [])];
};
