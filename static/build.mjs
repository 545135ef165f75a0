// Builds static/dist: style sheets, scripts, fonts for screen and paper, icons, map.
// Nothing is copied from a library into the repository: everything comes from node_modules.
import { build } from "esbuild";
import * as sass from "sass";
import subsetFont from "subset-font";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const modules = join(here, "node_modules");
const fonts = join(modules, "@expo-google-fonts");

// What French pages need; the glyphs the two faces lack come from Source Sans 3.
const LATIN = [[0x20, 0x7e], [0xa0, 0x17f], [0x218, 0x21b], [0x2010, 0x2027], [0x2030, 0x203a], [0x20ac, 0x20ac], [0x2122, 0x2122], [0x2212, 0x2212], [0x2248, 0x2248], [0x2260, 0x2265]];
const GLYPHS = [[0x202f, 0x202f], [0x2190, 0x2199], [0x21b5, 0x21b5], [0x2248, 0x2248], [0x2260, 0x2265], [0x25a0, 0x25a1], [0x25b2, 0x25bc], [0x2605, 0x2606], [0x2713, 0x2717]];

const SCREEN_FONTS = [
  ["text-400", "atkinson-hyperlegible-next/400Regular/AtkinsonHyperlegibleNext_400Regular.ttf", LATIN],
  ["text-400-italic", "atkinson-hyperlegible-next/400Regular_Italic/AtkinsonHyperlegibleNext_400Regular_Italic.ttf", LATIN],
  ["text-700", "atkinson-hyperlegible-next/700Bold/AtkinsonHyperlegibleNext_700Bold.ttf", LATIN],
  ["title-600", "fraunces/600SemiBold/Fraunces_600SemiBold.ttf", LATIN],
  ["glyphs-400", "source-sans-3/400Regular/SourceSans3_400Regular.ttf", GLYPHS],
];

const PAPER_FONTS = [
  ...["400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic"].map(
    (face) => `atkinson-hyperlegible-next/${face}/AtkinsonHyperlegibleNext_${face}.ttf`),
  ...["400Regular", "600SemiBold", "600SemiBold_Italic"].map((face) => `fraunces/${face}/Fraunces_${face}.ttf`),
  ...["400Regular", "400Regular_Italic", "700Bold"].map((face) => `source-sans-3/${face}/SourceSans3_${face}.ttf`),
];

const characters = (ranges) =>
  ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i))).join("");

async function screenFont([name, source, ranges]) {
  const full = await readFile(join(fonts, source));
  const woff2 = await subsetFont(full, characters(ranges), { targetFormat: "woff2" });
  await writeFile(join(dist, "fonts", `${name}.woff2`), woff2);
}

async function paperFont(source) {
  await cp(join(fonts, source), join(dist, "fonts", source.split("/").pop()));
}

async function styles(name) {
  const { css } = await sass.compileAsync(join(here, "css", `${name}.scss`), {
    loadPaths: [modules],
    style: "compressed",
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  await writeFile(join(dist, "css", `${name}.css`), css);
}

async function icons() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const drawn = await Promise.all(names.map(async (name) => {
    const svg = await readFile(join(modules, "bootstrap-icons/icons", `${name}.svg`), "utf8");
    return [name, svg.replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "").replace(/\s*\n\s*/g, "")];
  }));
  await writeFile(join(dist, "icons.json"), JSON.stringify(Object.fromEntries(drawn)));
}

async function map() {
  await cp(join(modules, "world-atlas/countries-50m.json"), join(dist, "map/countries-50m.json"));
}

for (const folder of ["css", "js", "fonts", "map"]) await mkdir(join(dist, folder), { recursive: true });

await Promise.all([
  build({
    entryPoints: [join(here, "js/app.js"), join(here, "js/theme.js"), join(here, "js/coding.js")],
    outdir: join(dist, "js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2020"],
    legalComments: "none",
    logLevel: "warning",
  }),
  // a classic script: the service worker imports it
  build({
    entryPoints: [join(here, "js/worker.js")],
    outdir: join(dist, "js"),
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2020"],
    legalComments: "none",
    logLevel: "warning",
  }),
  styles("app"),
  styles("paper"),
  styles("booklet"),
  icons(),
  map(),
  cp(join(here, "img"), join(dist, "img"), { recursive: true }),
  ...SCREEN_FONTS.map(screenFont),
  ...PAPER_FONTS.map(paperFont),
]);
