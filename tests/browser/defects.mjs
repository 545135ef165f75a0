// Builds app.js with one defect planted: what the tests of the offline form must be able to see.
// node tests/browser/defects.mjs <defect> <output file>
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../static");
const { build } = createRequire(join(ROOT, "package.json"))("esbuild");

// defect → [file, what is there, what is put instead]
const DEFECTS = {
  "no-journal": [["journal.js", "localStorage.setItem(key(record, field), JSON.stringify(entry));", ""]],
  "any-200-accepted": [
    ["runner.js", 'if (!trusted(response)) throw new Away("offline");', 'if (!response.ok && !trusted(response)) throw new Away("offline");'],
    ["runner.js", 'const told = await response.json().catch(() => {\n    throw new Away("offline");\n  });', "const told = await response.json().catch(() => ({ fields: {}, at: 0 }));"],
    ["store.js", "const told = answer.fields[field];", 'const told = answer.fields[field] ?? { state: "applied", base: "" };'],
  ],
  "forgotten-on-answer": [["store.js", "if (kept?.sequence === sent.sequence)", "if (kept)"]],
  "newest-base": [
    [
      "form.js",
      "this.#show(entry.field, entry.value, entry.base);\n      this.dirty.set(entry.field, entry.sequence);",
      "const base = this.bases[entry.field];\n      this.#show(entry.field, entry.value, base);\n      const sequence = nextSequence();\n      this.dirty.set(entry.field, sequence);\n      this.keep({ ...entry, base, sequence });",
    ],
  ],
  "own-answer-forgotten": [["store.js", "if (!told?.was?.includes(entry.base)) return entry;", "return entry;"]],
  "new-identity-each-time": [["store.js", "if (frozen) return frozen;", ""]],
};

function plant([file, there, instead]) {
  return (source, path) => {
    if (basename(path) !== file) return source;
    if (source.split(there).length !== 2) throw new Error(`${file} : « ${there} » n’y est pas une fois`);
    return source.replace(there, () => instead);
  };
}

const [defect, outfile] = process.argv.slice(2);
const changes = DEFECTS[defect].map(plant);

await build({
  entryPoints: [join(ROOT, "js/app.js")],
  outfile,
  bundle: true,
  format: "esm",
  target: ["es2020"],
  logLevel: "warning",
  plugins: [
    {
      name: "defect",
      setup(running) {
        running.onLoad({ filter: /js\/offline\/\w+\.js$/ }, async ({ path }) => {
          const source = await readFile(path, "utf8");
          return { contents: changes.reduce((text, change) => change(text, path), source), loader: "js" };
        });
      },
    },
  ],
});
