// Reads questions, one JSON document a line, and answers each with one line: what a repository policy says of some calls.
import { createInterface } from "node:readline";
import { runSimulation } from "@cloud-copilot/iam-simulate";

// Identity policies are left out: the answer is the resource policy's alone.
const NO_OTHER_POLICIES = { identityPolicies: [], serviceControlPolicies: [], resourceControlPolicies: [] };

async function judged(policy, resource, { principal, action, context }) {
  const request = { principal, action, resource, contextVariables: context };
  const found = await runSimulation({ request, resourcePolicy: policy, ...NO_OTHER_POLICIES }, {});
  if (found.resultType !== "single") throw new Error(JSON.stringify(found.errors ?? found.resultType));
  if (found.result.ignoredContextKeys.length) throw new Error(`ignored keys: ${found.result.ignoredContextKeys}`);
  return found.result.analysis.resourceAnalysis.result;
}

async function answered(line) {
  try {
    const { policy, resource, calls } = JSON.parse(line);
    return { answers: await Promise.all(calls.map((call) => judged(policy, resource, call))) };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answered(line))}\n`);
}
