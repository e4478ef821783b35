// Builds `dist/verify.html`: the page, its styles and its program in one file that loads nothing, with a policy that allows exactly these two.
// Refuses a page that names anything outside itself. The same sources and packages give the same bytes: a test builds it again and compares.
//
//     npm ci && npm run build          writes dist/verify.html
//     node build.mjs FILE              writes FILE instead

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const PAGE = join(HERE, "../crates/ledger/PAYLOADS.md");
const read = (name) => readFileSync(join(HERE, name), "utf8");

/** The tables "Events" and "Words" of PAYLOADS.md as a module, so that there is no second copy of them to go wrong. */
function payloadTables() {
  const page = readFileSync(PAGE, "utf8");
  const kinds = {};
  const words = {};
  for (const [, tag, name, fields] of page.matchAll(/^\| (\d+) \| `(\w+)` \| (.+) \|$/gm)) {
    kinds[tag] = { name, fields: fields.split(", ").map((field) => [field.slice(0, field.indexOf(" ")), field.slice(field.indexOf(" ") + 1)]) };
  }
  for (const [, name, row] of page.matchAll(/^\| `([A-Z]\w+)` \| (\d+ `.+) \|$/gm)) {
    words[name] = Object.fromEntries([...row.matchAll(/(\d+) `([^`]+)`/g)].map(([, code, word]) => [code, word]));
  }
  const named = Object.values(kinds).flatMap(({ fields }) => fields.map(([, type]) => /^word (\w+)/.exec(type)?.[1]).filter(Boolean));
  if (Object.keys(kinds).length < 80 || named.length < 20 || named.some((name) => !(name in words))) throw new Error("PAYLOADS.md has no tables that can be read");
  return `export const kinds = ${JSON.stringify(kinds)};\nexport const words = ${JSON.stringify(words)};\n`;
}

const payloads = {
  name: "payloads",
  setup(plugin) {
    plugin.onResolve({ filter: /^virtual:payloads$/ }, () => ({ path: "PAYLOADS.md", namespace: "payloads" }));
    plugin.onLoad({ filter: /.*/, namespace: "payloads" }, () => ({ contents: payloadTables(), loader: "js" }));
  },
};

const bundled = await build({
  entryPoints: [join(HERE, "src/page.js")],
  absWorkingDir: HERE,
  bundle: true,
  write: false,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  // Left readable on purpose: whoever doubts the page can read what runs in it.
  minify: false,
  treeShaking: true,
  legalComments: "inline",
  // Paths stand in the comments: a linked folder of packages gives the same bytes.
  preserveSymlinks: true,
  plugins: [payloads],
});
const script = bundled.outputFiles[0].text;
const style = read("src/page.css");
if (/<\/script|<!--/i.test(script)) throw new Error("the program holds what would end it in a page");

const digest = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; connect-src 'none'; img-src 'none'; base-uri 'none'; form-action 'none'`;
const html = read("src/page.html").replace("{{policy}}", () => policy).replace("{{style}}", () => style).replace("{{script}}", () => script);
if (/\{\{|\bsrc=|@import|url\(|<link/.test(read("src/page.html").replaceAll(/\{\{(policy|style|script)\}\}/g, "") + style)) throw new Error("the page names something outside itself");

const out = process.argv[2] ?? join(HERE, "dist/verify.html");
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, html);
