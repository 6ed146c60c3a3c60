/**
 * The documentation as tests read it: README.md, CONTRIBUTING.md and docs/, but for docs/api/,
 * which is generated.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lexer, type Token, type Tokens, walkTokens } from "marked";
import { REPOSITORY } from "./repository";

/** A fenced block of a page. */
export interface Fence {
  /** The page's path from the repository's folder, and the block's first line. */
  readonly where: string;
  readonly text: string;
}

/** A page of the documentation. */
export class Page {
  /** All pages, README.md first. */
  static all(): readonly Page[] {
    const docs = readdirSync(join(REPOSITORY, "docs"), { recursive: true, encoding: "utf8" });
    const names = docs.filter((name) => name.endsWith(".md") && !name.startsWith("api/")).sort();
    const paths = ["README.md", "CONTRIBUTING.md", ...names.map((name) => join("docs", name))];
    return paths.map((path) => new Page(path));
  }

  readonly text: string;
  readonly #tokens: Token[] = [];

  /** @param path from the repository's folder */
  constructor(readonly path: string) {
    this.text = readFileSync(join(REPOSITORY, path), "utf8");
    void walkTokens(lexer(this.text), (token) => {
      this.#tokens.push(token);
    });
  }

  /** The fenced blocks in a language, such as `sh`. */
  fences(language: string): readonly Fence[] {
    return this.#of<Tokens.Code>("code")
      .filter(({ lang }) => lang?.split(" ")[0] === language)
      .map(({ text }) => ({ where: `${this.path}:${this.#lineOf(text)}`, text }));
  }

  /** The languages of all fenced blocks. */
  get languages(): readonly string[] {
    return this.#of<Tokens.Code>("code").map(({ lang }) => lang ?? "");
  }

  /** The text of each code span. */
  get codeSpans(): readonly string[] {
    return this.#of<Tokens.Codespan>("codespan").map(({ text }) => unescaped(text));
  }

  /** What links lead to. */
  get links(): readonly string[] {
    return [...this.#of<Tokens.Link>("link"), ...this.#of<Tokens.Image>("image")].map(
      ({ href }) => href,
    );
  }

  /** The anchors of the headings, as GitHub makes them. */
  get anchors(): readonly string[] {
    const seen = new Map<string, number>();
    return this.#of<Tokens.Heading>("heading").map(({ tokens }) => {
      const slug = plainText(tokens)
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
        .replaceAll(" ", "-");
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    });
  }

  #of<T extends Token>(type: T["type"]): readonly T[] {
    return this.#tokens.filter((token): token is T => token.type === type);
  }

  #lineOf(text: string): number {
    const [first = ""] = text.split("\n");
    return this.text.slice(0, this.text.indexOf(first)).split("\n").length;
  }
}

function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) =>
      "tokens" in token && token.tokens ? plainText(token.tokens) : unescaped(textOf(token)),
    )
    .join("");
}

function textOf(token: Token): string {
  return "text" in token ? String(token.text) : "";
}

/** marked gives the text of code spans ready for HTML. */
function unescaped(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
