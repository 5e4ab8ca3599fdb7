// Reads questions, one JSON document a line, and answers each with one line: what a repository policy says of some
// calls, or, of calls that come with the caller's own policies, whether they are allowed.
import { createInterface } from "node:readline";
import { runSimulation } from "@cloud-copilot/iam-simulate";

const named = (policies) => policies.map((policy, index) => ({ name: `policy-${index}`, policy }));

function simulation({ policy, own }, request) {
  return {
    request,
    resourcePolicy: policy,
    identityPolicies: named(own?.identity ?? []),
    permissionBoundaryPolicies: own?.boundary ? named(own.boundary) : undefined,
    serviceControlPolicies: (own?.organization ?? []).map((level, index) => ({
      orgIdentifier: `level-${index}`,
      policies: named([level]),
    })),
    resourceControlPolicies: [],
  };
}

async function judged(question, { principal, action, context }) {
  const request = { principal, action, resource: question.resource, contextVariables: context };
  const found = await runSimulation(simulation(question, request), {});
  if (found.resultType !== "single") throw new Error(JSON.stringify(found.errors ?? found.resultType));
  if (found.result.ignoredContextKeys.length) throw new Error(`ignored keys: ${found.result.ignoredContextKeys}`);
  // Without policies of the caller's own, the answer is the resource policy's alone.
  return question.own ? found.overallResult : found.result.analysis.resourceAnalysis.result;
}

async function answered(line) {
  try {
    const question = JSON.parse(line);
    return { answers: await Promise.all(question.calls.map((call) => judged(question, call))) };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answered(line))}\n`);
}
