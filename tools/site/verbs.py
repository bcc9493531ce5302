"""The verbs as the build has listed them, the pages they get, and what else is known of them."""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tools/verb-index"))
import listed  # noqa: E402

ROOTS = ("sc", "c2v", "scvi")


def verbs():
    """Forms of each verb by its name, in the order of the index."""
    out = {}
    for form in listed.index()["verbs"]:
        name = form["name"].removesuffix(".invoke")
        if name.split(".")[0] in ROOTS:
            out.setdefault(name, []).append(form)
    return out


def namespaces():
    return {space["path"]: space["summary"] for space in listed.index()["namespaces"]}


def space_of(name):
    """`sc.pp` of `sc.pp.pca`, and the models of `scvi` by their own names."""
    return name.rsplit(".", 1)[0]


def page(name):
    """Where a verb's page lies in the site, without an ending. A model's own page is not its folder's."""
    return f"verbs/{space_of(name)}/{name.rsplit('.', 1)[1]}"


def example_key(name):
    """`pp/pca` of `sc.pp.pca`; `sc/read` of `sc.read`; `c2v.tl/align`."""
    space, last = name.rsplit(".", 1)
    return f"{space.removeprefix('sc.')}/{last}"


def example_name(path):
    return f"{path.parent.name}/{path.stem}"


def unexampled():
    lines = (HERE / "unexampled").read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def parity():
    """scanpy's name and the remark of each of our verbs, from the page that compares them."""
    out = {}
    for file in ("scanpy-parity.md", "clone2vec-parity.md"):
        for line in (ROOT / "docs" / file).read_text(encoding="utf-8").splitlines():
            row = re.match(r"\| `([\w.]+)` \| `((?:sc|c2v)\.[\w.]+)` \| ?(.*?) ?\|$", line)
            if row:
                out[row[2]] = (row[1], row[3])
    return out


# A paper as texts name it: who and when, then its DOI: `Moran 1950, doi:10.1093/biomet/37.1-2.17`.
PAPER = re.compile(
    r"((?:[A-Z][\w'-]+|van|der|de|von)(?:,? (?:and )?(?:et al\.|[A-Z][\w'-]+|van|der|de|von))*,? \d{4}[a-z]?)"
    r"(?:, [^();]{1,40}?)?,? ?\(?(?:https://doi\.org/|doi:? ?)(10\.\d{4,9}/[^\s;\]`]+)"
)


def papers(text):
    """(who and when, address) of the papers that a text names with their DOIs."""
    found = []
    for said, doi in PAPER.findall(re.sub(r"\s*\n\s*\*?\s*", " ", text)):
        # A bracket that the DOI itself does not open belongs to the sentence, as do stops.
        doi = doi.rstrip(".,:")
        while doi.endswith(")") and doi.count(")") > doi.count("("):
            doi = doi[:-1].rstrip(".,:")
        found.append((said, f"https://doi.org/{doi}"))
    return list(dict.fromkeys(found))


def is_papers(paragraph):
    """Whether a paragraph names papers and says nothing else."""
    rest = PAPER.sub("", re.sub(r"\s+", " ", paragraph))
    return bool(papers(paragraph)) and not rest.strip(" ;.,")


def references():
    """References of the classes of the core, by class: (text, address) as their documentation has them.

    A class without one has those of its package.
    """
    out, of_package = {}, {}
    for source in [s for room in ("jvm-core", "neural") for s in sorted((ROOT / room / "src/main/java").rglob("*.java"))]:
        text = source.read_text(encoding="utf-8")
        links = re.findall(r'<a\s+href="(https://(?!github)[^"]+)">(.*?)</a>', text, flags=re.S)
        own = [(re.sub(r"\s*\n?\s*\*?\s+", " ", said).strip(), address) for address, said in links]
        known = {address for _, address in own}
        own += [paper for paper in papers(text) if paper[1] not in known]
        if source.stem == "package-info":
            of_package[source.parent] = list(dict.fromkeys(own))
        else:
            out[source.stem] = (source.parent, list(dict.fromkeys(own)))
    return {name: own or of_package.get(package, []) for name, (package, own) in out.items()}
