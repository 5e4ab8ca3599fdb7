// Asks the YAML language server, as an editor does: its arguments are the server's script, the schema and a manifest;
// standard input has positions, [line, column] each, as JSON. Prints diagnostics, hovers and completions as JSON.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [script, schema, file] = process.argv.slice(2);
const asked = JSON.parse(readFileSync(0, "utf8"));
const uri = pathToFileURL(file).href;
const textDocument = { uri };
const server = spawn(process.execPath, [script, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const waiting = new Map();
let diagnosed;
const diagnostics = new Promise((resolve) => (diagnosed = resolve));

function send(message) {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function request(method, params) {
  const id = waiting.size + 1;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    send({ id, method, params });
  });
}

function received({ id, method, params, result }) {
  if (method === "workspace/configuration") {
    const settings = { schemas: { [pathToFileURL(schema).href]: "*" }, schemaStore: { enable: false } };
    send({ id, result: params.items.map((item) => (item.section === "yaml" ? settings : null)) });
  } else if (method === "textDocument/publishDiagnostics") diagnosed(params.diagnostics.map((one) => one.message));
  else if (method && id !== undefined) send({ id, result: null });
  else if (id !== undefined) waiting.get(id)(result);
}

let unread = Buffer.alloc(0);
server.stdout.on("data", (piece) => {
  unread = Buffer.concat([unread, piece]);
  for (;;) {
    const end = unread.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(unread.subarray(0, end).toString())[1]);
    if (unread.length < end + 4 + length) return;
    const message = JSON.parse(unread.subarray(end + 4, end + 4 + length));
    unread = unread.subarray(end + 4 + length);
    received(message);
  }
});

const capabilities = { workspace: { configuration: true }, textDocument: { hover: { contentFormat: ["markdown"] } } };
await request("initialize", { processId: process.pid, rootUri: null, capabilities });
send({ method: "initialized", params: {} });
const text = readFileSync(file, "utf8");
send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text } } });
const found = { diagnostics: await diagnostics, hovers: [], completions: [] };
for (const [line, character] of asked) {
  const at = { textDocument, position: { line, character } };
  const hover = await request("textDocument/hover", at);
  const completion = await request("textDocument/completion", at);
  found.hovers.push(hover?.contents.value ?? "");
  found.completions.push((completion?.items ?? completion ?? []).map(({ label, insertText }) => [label, insertText ?? ""]));
}
server.kill();
process.stdout.write(JSON.stringify(found));
