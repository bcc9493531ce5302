"""Writes the pages of the site as Markdown, with the settings of mkdocs beside them: pages.py WORK.

Three kinds: pages of the repository (README by its headings, docs/, tutorials/), pages of `content/`, and pages that are
made (a page for each verb and each object, the data of the examples, the gallery, the lists of methods and verbs).
"""

import html
import json
import os
import re
import shutil
import sys
from pathlib import Path

import members
import verbs as index

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

# Sections of the README that are pages; those before are the start page.
SECTIONS = {
    "scanpy -> Cellweave": ("guide/names.md", "scanpy and Cellweave"),
    "Integration, and how well it went": ("guide/integration.md", "Integration"),
    "Modalities and mosaics": ("guide/modalities.md", "Modalities and mosaics"),
    "Clones": ("guide/clones.md", "Clones"),
    "Generative models": ("guide/models.md", "Generative models"),
    "Notebooks": ("guide/notebooks.md", "Notebooks"),
    "Running scripts": ("guide/scripts.md", "Running scripts"),
    "The house": ("guide/house.md", "The house"),
}
TUTORIALS = {
    "quickstart": "Quickstart",
    "qc-mad": "Quality control with MADs",
    "annotation": "Cell types by markers",
    "trajectories": "Trajectories",
    "spatial": "A slide",
    "batch-correction": "Batches, ten methods",
    "harmony2-walkthrough": "Harmony 2, step by step",
    "clonal-alignment": "Clones of two wells",
    "scvi-integration": "scVI and scANVI",
    "joint-embedding-scvi": "Cells with few counts",
    "mosaic-integration": "Mosaics",
}
SPACES = [
    ("sc", "Reading, writing, joining"),
    ("sc.pp", "sc.pp: preprocessing"),
    ("sc.tl", "sc.tl: tools"),
    ("sc.pl", "sc.pl: figures"),
    ("sc.get", "sc.get: tables"),
    ("sc.metrics", "sc.metrics"),
    ("sc.datasets", "sc.datasets"),
    ("sc.external.pp", "sc.external.pp"),
    ("sc.experimental.pp", "sc.experimental.pp"),
    ("sc.settings", "sc.settings"),
    ("sc.logging", "sc.logging"),
]


class Site:
    def __init__(self, work):
        self.docs = work / "pages"
        self.examples = work / "examples"
        shutil.rmtree(self.docs, ignore_errors=True)
        self.docs.mkdir(parents=True)
        self.verbs = index.verbs()
        self.parity = index.parity()
        self.references = index.references()
        # Pages by their place in the repository.
        self.places = {"README.md": "index.md", "tutorials/java/README.md": "guide/java.md"}
        self.places |= {f"docs/{p.name}": f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")}
        self.places |= {f"tutorials/{p.name}": f"tutorials/{p.name}" for p in (ROOT / "tutorials").glob("*.md")}
        for p in sorted((HERE / "content").rglob("*.md")):
            self.places[str(p.relative_to(ROOT))] = str(p.relative_to(HERE / "content"))

    def write(self, place, text):
        """A page, with the names of verbs and DOIs in its text as links."""
        path = self.docs / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.linked(text, place), encoding="utf-8")

    # ---------------------------------------------------------------------------------------------------- links

    def relative(self, place, target):
        return os.path.relpath(target, os.path.dirname(place) or ".")

    def linked(self, text, place):
        parts = re.split(r"(^```.*?^```$)", text, flags=re.M | re.S)
        return "".join(p if p.startswith("```") else self.linked_text(p, place) for p in parts)

    def linked_text(self, text, place):
        def verb(match):
            name = match[1]
            target = index.page(name) + ".md"
            if name not in self.verbs or target == place:
                return match[0]
            return f"[`{match[1]}{match[2] or ''}`]({self.relative(place, target)})"

        out = []
        for line in text.split("\n"):
            if not line.startswith("#"):
                line = re.sub(r"(?<![\[`])`((?:sc|c2v|scvi)\.[\w.]*\w)(\(\))?`(?![`\]])", verb, line)
                line = re.sub(
                    r"(?<![/\w(\[])doi:? ?(10\.\d{4,9}/[^\s,;)|\]]*[^\s,;)|\].])", r"[doi:\1](https://doi.org/\1)", line
                )
            out.append(line)
        return "\n".join(out)

    def from_repository(self, text, origin, place):
        """Links of a page at `origin` in the repository as they are at `place` in the site."""

        def image(match):
            source = (ROOT / origin).parent / match[2]
            if match[2].startswith("http") or not source.exists():
                return match[0]
            target = str(source.resolve().relative_to(ROOT))
            (self.docs / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, self.docs / target)
            return f"![{match[1]}]({self.relative(place, target)})"

        def link(match):
            said, address = match[1], match[2]
            if re.match(r"\w+:|#", address):
                return match[0]
            path, _, fragment = address.partition("#")
            target = os.path.normpath(os.path.join(os.path.dirname(origin), path))
            if target in self.places:
                return f"[{said}]({self.relative(place, self.places[target])}{'#' + fragment if fragment else ''})"
            # A file of the repository that is no page: its name is told, not linked.
            if not (ROOT / target).exists():
                raise SystemExit(f"site: {origin} links to {address}, which is not there")
            return said if target in said or said.startswith("`") else f"{said} (`{target}`)"

        text = re.sub(r"!\[([^\]]*)\]\(([^)\s]+)\)", image, text)
        return re.sub(r"(?<!!)\[([^\]\n]+(?:\n[^\]\n]+)?)\]\(([^)\s]+)\)", link, text)

    def repository_page(self, origin, place=None):
        place = place or self.places[origin]
        self.write(place, self.from_repository((ROOT / origin).read_text(encoding="utf-8"), origin, place))

    # ---------------------------------------------------------------------------------- pages of the repository

    def readme(self):
        parts = re.split(r"^## (.*)\n", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.M)
        start = parts[0]
        for title, body in zip(parts[1::2], parts[2::2]):
            if title not in SECTIONS:
                start += f"## {title}\n{body}"
                continue
            place, shown = SECTIONS[title]
            self.write(place, f"# {shown}\n" + self.from_repository(body, "README.md", place))
        start = self.from_repository(start, "README.md", "index.md")
        more = (HERE / "content/index.part").read_text(encoding="utf-8")
        self.write("index.md", start.rstrip() + "\n\n" + more)

    def repository(self):
        self.readme()
        for origin, place in self.places.items():
            if origin == "README.md" or origin.startswith("tools/site/content"):
                continue
            self.repository_page(origin, place)
        for origin, place in self.places.items():
            if origin.startswith("tools/site/content"):
                text = self.from_repository((ROOT / origin).read_text(encoding="utf-8"), origin, place)
                self.write(place, self.included(text, place))

    def included(self, text, place):
        """Lines `@include FILE` as the file in a block of code, `@output EXAMPLE` as what it printed or drew."""

        def code(match):
            path = ROOT / match[1]
            language = {".java": "java", ".kts": "kotlin"}.get(path.suffix, "text")
            return f"```{language}\n{path.read_text(encoding='utf-8').rstrip()}\n```"

        text = re.sub(r"^@include (\S+)$", code, text, flags=re.M)
        return re.sub(r"^@output (\S+)$", lambda m: self.result(m[1], place), text, flags=re.M)

    # ----------------------------------------------------------------------------------------------- examples

    def result(self, key, place):
        """What an example drew and printed."""
        out = ""
        drawn, printed = self.examples / f"{key}.svg", self.examples / f"{key}.txt"
        text = printed.read_text(encoding="utf-8").rstrip() if printed.exists() else ""
        if text:
            out += f"```text\n{text}\n```\n\n"
        if drawn.exists():
            target = f"pictures/{key}.svg"
            (self.docs / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(drawn, self.docs / target)
            out += f"![What {key} draws]({self.relative(place, target)}){{ .figure }}\n\n"
        return out.rstrip()

    def example(self, name, place):
        import examples

        path = HERE / "examples" / f"{index.example_key(name)}.kts"
        if not path.exists():
            same = "scvi.SCVI." + name.rsplit(".", 1)[1]
            if re.match(r"scvi\.[A-Z]", name) and (HERE / "examples" / f"{index.example_key(same)}.kts").exists():
                return f"As of `{same}`, whose page has an example.\n"
            return "There is no example yet.\n"
        start, code = examples.read(path)
        out = ""
        if start:
            value = examples.data()[start]["value"]
            where = self.relative(place, "verbs/data.md")
            out += f"`{value}` is [`{start}`]({where}#{start}): {examples.data()[start]['said']}.\n\n"
        return out + f"```kotlin\n{code.rstrip()}\n```\n\n" + self.result(index.example_key(name), place) + "\n"

    def data_page(self):
        import examples

        out = "# The data of the examples\n\nEvery example begins with a copy of one of these. They are made in memory; "
        out += "nothing is downloaded.\n\n"
        for name, block in examples.data().items():
            out += f"## {name}\n\n{block['said'][0].upper() + block['said'][1:]}.\n\n"
            if block["from"]:
                out += f"Goes on from [`{block['from']}`](#{block['from']}), there called `{block['as']}`.\n\n"
            out += f"```kotlin\n{block['code']}\n```\n\n"
        self.write("verbs/data.md", out)

    # -------------------------------------------------------------------------------------------------- verbs

    def verb_page(self, name, forms):
        place = index.page(name) + ".md"
        first = max(forms, key=lambda f: len(signature(f)))
        text = escaped(first["text"])
        reads, writes = escaped(first.get("reads", "")), escaped(first.get("writes", ""))
        # One sentence may say both.
        told = [said for said in (reads, writes) if said]
        told = [said for said in told if not any(said != other and said in other for other in told)]
        told = list(dict.fromkeys(told))
        body = text
        for said in told:
            body = body.replace(said, "")
        body = re.sub(r"\n{3,}", "\n\n", re.sub(r"^ (?=\S)", "", body, flags=re.M)).strip()
        # What is only a list of papers stands under their own heading.
        body = "\n\n".join(part for part in body.split("\n\n") if part.strip() and not index.is_papers(part))
        out = f"# {name}\n\n{body}\n\n## Example\n\n{self.example(name, place)}\n## Call\n\n"
        for form in [first] + [f for f in forms if f is not first]:
            if form is not first:
                out += "or\n\n"
            out += f"```kotlin\n{signature(form)}\n```\n\n"
        out += self.parameters(forms, first)
        if told:
            out += "## Reads and writes\n\n" + "\n\n".join(told) + "\n\n"
        out += self.scanpy(name)
        out += self.reference(name, forms)
        out += f"## Source\n\n`{first['source']}`; in a script or notebook, `{name.split('.')[0]}.help(\"{name}\")` "
        out += "says the same.\n"
        self.write(place, out)

    def parameters(self, forms, first):
        said, rows, seen = {}, [], set()
        for form in forms:
            said |= form.get("arguments", {})
        for form in [first] + forms:
            for p in form.get("parameters", []):
                if p["name"] in seen:
                    continue
                seen.add(p["name"])
                kind = p["declared"].split(":", 1)[1].strip() if ":" in p["declared"] else p["declared"]
                default = f"`{cell(p['default'])}`" if p.get("default") is not None else ""
                rows.append(f"| `{p['name']}` | `{cell(kind)}` | {default} | {cell(escaped(said.get(p['name'], '')))} |")
        if not rows:
            return ""
        head = "| parameter | type | default | |\n|---|---|---|---|\n"
        return "## Parameters\n\n" + head + "\n".join(rows) + "\n\n"

    def scanpy(self, name):
        if name in self.parity:
            original, remark = self.parity[name]
            package = "clone2vec" if name.startswith("c2v.") else "scanpy"
            prefix = "c2v" if package == "clone2vec" else "sc"
            call = original if original.startswith(prefix + ".") else f"{prefix}.{original}"
            differs = f"Arguments: {remark}." if remark else f"It takes {package}'s arguments, in camelCase."
            return f"## In {package}\n\n`{call}(...)`. {differs}\n\n"
        if name.startswith("sc."):
            return "## In scanpy\n\nscanpy has no verb of this name.\n\n"
        return ""

    def papers_of(self, forms):
        """Words by address: what the text itself names, and the classes, and the verbs, that it sends to."""
        found = [paper for form in forms for paper in index.papers(form["text"])]
        for form in forms:
            for sentence in re.findall(r"\bSee ((?:`?\w+`?(?:, | and )?)+)", form["text"]):
                for name in re.findall(r"\b[A-Z]\w+", sentence):
                    found += self.references.get(name, [])
        # One for each paper, by the first words for it.
        papers = {}
        for said, address in found:
            papers.setdefault(address, said)
        for form in forms:
            # A verb that is another one under an older name, or with fewer arguments.
            for space, verb in re.findall(r"\b(Preprocessing|Tools|Metrics)\.(\w+)", form["summary"]):
                other = {"Preprocessing": "sc.pp.", "Tools": "sc.tl.", "Metrics": "sc.metrics."}[space] + verb
                papers = self.papers_of(self.verbs.get(other, [])) | papers
        return papers

    def reference(self, name, forms):
        # What a model can be asked rests on the model's paper, besides its own.
        found = self.papers_of(forms)
        if forms[0].get("of"):
            found |= self.papers_of(self.verbs.get(name.rsplit(".", 1)[0], []))
        if not found:
            return ""
        lines = [f"- {escaped(said)}: [{address.removeprefix('https://')}]({address})" for address, said in found.items()]
        return "## Reference\n\n" + "\n".join(lines) + "\n\n"

    def verb_pages(self):
        for name, forms in self.verbs.items():
            self.verb_page(name, forms)
        self.data_page()
        out = "# Verbs\n\nEvery verb with its arguments, what it reads and writes, and an example that ran when this site "
        out += "was built. [The data of the examples](data.md) are made in memory.\n\n"
        for space in self.spaces():
            out += f"## {space}\n\n" + self.listed(space, "verbs/index.md") + "\n"
            self.write(f"verbs/{space}/index.md", f"# {space}\n\n" + self.listed(space, f"verbs/{space}/index.md"))
        self.write("verbs/index.md", out)

    def spaces(self):
        known = [space for space, _ in SPACES]
        all_spaces = dict.fromkeys(index.space_of(n) for n in self.verbs)
        return [s for s in known if s in all_spaces] + sorted(s for s in all_spaces if s not in known)

    def listed(self, space, place):
        out = "| verb | |\n|---|---|\n"
        for name in sorted(n for n in self.verbs if index.space_of(n) == space):
            summary = cell(escaped(self.verbs[name][0]["summary"]))
            out += f"| [`{name}`]({self.relative(place, index.page(name) + '.md')}) | {summary} |\n"
        return out

    # ------------------------------------------------------------------------------------------------ members

    def member_pages(self):
        out = "# Objects and packages\n\nWhat can be asked of the objects that scripts hold, and what there is of Python's packages.\n\n"
        every = members.forms()
        for name, found in every.items():
            text = members.intro(name) + "\n"
            for member, forms in found.items():
                shown = [signature({**form, "name": member, "of": None}) for form in forms]
                last = member.rsplit(".", 1)[-1]
                text += f"## {member}\n\n"
                if last in members.WRITTEN and name not in members.PACKAGES:
                    text += f"Written `{members.WRITTEN[last]}`.\n\n"
                text += "```kotlin\n" + "\n".join(dict.fromkeys(shown)) + "\n```\n\n"
                said = [members.told(form) for form in forms]
                text += "\n\n".join(escaped(line) + "." for line in dict.fromkeys(said) if line) + "\n\n"
            self.write(f"{members.page(name)}.md", f"# {name}\n\n{text}")
        for title, names in (("Objects", members.OBJECTS), ("Python's packages", members.PACKAGES)):
            out += f"## {title}\n\n| | | members |\n|---|---|---|\n"
            for name in names:
                what = cell(members.OBJECTS[name][0]) if name in members.OBJECTS else f"Python's `{members.PACKAGES[name][0]}`"
                out += f"| [`{name}`]({name}.md) | {what} | {len(every[name])} |\n"
            out += "\n"
        self.write("members/index.md", out)

    def gallery(self):
        out = "# Gallery\n\nEach picture leads to the lines that drew it.\n\n<div class=\"gallery\" markdown>\n\n"
        for name in self.verbs:
            key = index.example_key(name)
            if ".pl." not in name or not (self.examples / f"{key}.svg").exists():
                continue
            target = f"pictures/{key}.svg"
            (self.docs / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.examples / f"{key}.svg", self.docs / target)
            short = name.removeprefix("sc.pl.")
            out += f"[![{short}]({target})<span>{short}</span>]({index.page(name)}.md)\n\n"
        self.write("gallery.md", out + "</div>\n")

    # ---------------------------------------------------------------------------------------------------- nav

    def nav(self):
        def titled(folder):
            paths = sorted((HERE / "content" / folder).glob("*.md"))
            titles = {p: re.search(r"^# (.*)$", p.read_text(encoding="utf-8"), flags=re.M)[1] for p in paths}
            paths.sort(key=lambda p: (p.stem != "index", titles[p].lower()))
            return [{titles[p]: f"{folder}/{p.name}"} for p in paths]

        names = dict(SPACES)
        verbs = [{"All verbs": "verbs/index.md"}, {"The data of the examples": "verbs/data.md"}]
        for space in self.spaces():
            pages = [n for n in self.verbs if index.space_of(n) == space]
            inside = [f"verbs/{space}/index.md"]
            inside += [{n.rsplit(".", 1)[1]: index.page(n) + ".md"} for n in sorted(pages)]
            verbs.append({names.get(space, space): inside})
        return [
            {"Start": [{"Cellweave": "index.md"}, {"Notebooks": "guide/notebooks.md"}, {"Running scripts": "guide/scripts.md"},
                       {"Files": "files.md"}, {"Scale": "scale.md"}, {"Gallery": "gallery.md"}]},
            {"Coming from": [{"scanpy": "docs/coming-from-scanpy.md"}, {"scanpy in one table": "guide/names.md"},
                             {"Seurat": "seurat.md"}, {"Java and Kotlin": "jvm.md"}, {"Plain Java": "guide/java.md"},
                             {"pandas: tables": "docs/tables.md"}]},
            {"Tutorials": [{title: f"tutorials/{name}.md"} for name, title in TUTORIALS.items()]},
            {"Methods": titled("methods") + [{"Integration": "guide/integration.md"}, {"Modalities": "guide/modalities.md"},
                        {"Mosaics, measured": "docs/mosaic.md"}, {"Mapping on a reference": "docs/reference-mapping.md"},
                        {"Clones": "guide/clones.md"}, {"Generative models": "guide/models.md"}]},
            {"Verbs": verbs},
            {"Objects": [{"All objects": "members/index.md"}, *({n: f"{members.page(n)}.md"} for n in members.OBJECTS),
                         {"Python's packages": [{n: f"{members.page(n)}.md"} for n in members.PACKAGES]}]},
            {"About": self.about()},
        ]  # fmt: skip

    def about(self):
        known = {"architecture": "Architecture", "benchmarks": "Benchmarks", "scanpy-parity": "scanpy's functions",
                 "anndata-parity": "anndata's members", "clone2vec-parity": "clone2vec's functions",
                 "scvi-parity": "scvi-tools' models"}  # fmt: skip
        elsewhere = {"coming-from-scanpy", "tables", "mosaic", "reference-mapping"}
        out = [{title: f"docs/{name}.md"} for name, title in known.items()]
        for path in sorted((ROOT / "docs").glob("*.md")):
            if path.stem not in known and path.stem not in elsewhere:
                title = re.search(r"^# (.*)$", path.read_text(encoding="utf-8"), flags=re.M)[1]
                out.append({title: f"docs/{path.name}"})
        return out + [{"The house": "guide/house.md"}]

    def settings(self, work):
        text = (HERE / "mkdocs.yml").read_text(encoding="utf-8")
        text += f"\ndocs_dir: {self.docs}\nnav: {json.dumps(self.nav(), ensure_ascii=False)}\n"
        (work / "mkdocs.yml").write_text(text, encoding="utf-8")
        shutil.copytree(HERE / "look", self.docs / "look")


def cell(text):
    return re.sub(r"\s+", " ", text).replace("|", "\\|")


def escaped(text):
    """Documentation as Markdown: what looks like a tag outside of code is text."""
    parts = re.split(r"(```.*?```|`[^`]*`)", text, flags=re.S)
    return "".join(p if p.startswith("`") else html.escape(p, quote=False) for p in parts)


def signature(form):
    """The call as one would declare it."""
    parameters = form.get("parameters", [])
    called = form["name"].removesuffix(".invoke")
    if form.get("of"):
        called = "model." + called.rsplit(".", 1)[1]
    lines = []
    for p in parameters:
        lines.append(p["declared"] + (f" = {p['default']}" if p.get("default") is not None else ""))
    if form.get("property"):
        call = called
    elif not lines:
        call = f"{called}()"
    elif len(lines) == 1 and len(lines[0]) < 60:
        call = f"{called}({lines[0]})"
    else:
        call = f"{called}(\n" + "".join(f"    {line},\n" for line in lines) + ")"
    return call + (f": {form['returns']}" if form.get("returns") else "")


def main():
    work = Path(sys.argv[1]).resolve()
    site = Site(work)
    site.repository()
    site.verb_pages()
    site.member_pages()
    site.gallery()
    site.settings(work)


if __name__ == "__main__":
    main()
