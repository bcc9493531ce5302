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


def references():
    """References of the classes of the core, by class: (text, address) as their documentation links them."""
    out = {}
    for source in sorted((ROOT / "jvm-core/src/main/java").rglob("*.java")):
        text = source.read_text(encoding="utf-8")
        links = re.findall(r'<a\s+href="(https://(?!github)[^"]+)">(.*?)</a>', text, flags=re.S)
        if links:
            own = [(re.sub(r"\s*\n?\s*\*?\s+", " ", said).strip(), address) for address, said in links]
            out[source.stem] = list(dict.fromkeys(own))
    return out
