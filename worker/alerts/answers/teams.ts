import { type Answer, isWebPage, type Refusal, type VendorAnswers } from './vendorAnswers.ts';

const newAddress = 'Create a workflow in Teams and enter its address.';

const refusals: Refusal[] = [
  {
    says: /"WorkflowTriggerIsNotEnabled"[\s\S]*\bstate\W+Deleted\b/i,
    problem: `The workflow was deleted. ${newAddress}`,
  },
  {
    says: /WorkflowTriggerIsNotEnabled|WorkflowDisabled|WorkflowSuspended/,
    problem: 'The workflow is turned off. Turn it on in the Workflows app of Teams.',
  },
  { says: /WorkflowNotFound|TriggerNotFound/, problem: `The workflow was deleted. ${newAddress}` },
  {
    says: /DirectApiAuthorizationRequired|MisMatchingOAuthClaims|OAuth/i,
    problem:
      'The workflow accepts messages from signed-in people only. In Power Automate, set “Who can trigger the flow” to “Anyone” and enter the address again.',
  },
  {
    says: /InvalidSignature|SignatureInvalid|AuthorizationFailed|signature|credentials/i,
    problem: 'The signature in the address is no longer valid. Copy the address of the workflow again.',
  },
  {
    says: /DisallowedByPolicy|\bDLP\b|data loss prevention/i,
    problem: 'A policy of the organization blocks this workflow. Ask its Power Platform administrator to allow it.',
  },
  {
    says: /TriggerInputSchemaMismatch|SchemaValidation/i,
    problem: 'The workflow expects another format. Create it from the template “Send webhook alerts to a channel”.',
  },
  { status: [401, 403], problem: 'Teams rejected the workflow address. Copy the address again.' },
  {
    status: [404, 410],
    problem: `The workflow, or the connector behind this address, no longer exists. ${newAddress}`,
  },
  // Legacy connectors answer with 200 and the error of the service behind them.
  {
    status: 200,
    says: /delivery failed with error[\s\S]*\b(?:429|5\d\d)\b/i,
    state: 'transient',
    problem: 'Teams accepts no messages for now.',
  },
  { status: 200, says: /delivery failed with error/i, problem: `Teams rejected the message. ${newAddress}` },
];

/** A workflow that starts answers with an empty 202, or names its run; a legacy connector answers `1`. */
const isDelivered = (answer: Answer): boolean => {
  const { status, headers, body } = answer;
  if (isWebPage(answer)) return false;
  return (
    (headers.get('x-ms-workflow-run-id') ?? '') !== '' ||
    (status === 202 && body.trim() === '') ||
    (status === 200 && body.trim() === '1')
  );
};

/** https://learn.microsoft.com/en-us/connectors/teams/#microsoft-teams-webhook, …/azure/connectors/connectors-native-reqres */
export const teamsAnswers: VendorAnswers = { vendor: 'Microsoft Teams', isDelivered, repeats: 'seen', refusals };
