"""Lists what every module needs at run time, with licences, and looks for published holes; see run."""
import fnmatch
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
LIST = "dependencies.txt"
MODULES = ["jvm-core", "neural", "dsl", "kernels/script", "interop", "kernels/jupyter", "neural-kotlindl"]
FREE = re.compile(r"apache|asl|\bmit\b|bsd|mozilla|mpl|eclipse|epl|edl|lesser|lgpl|public domain|w3c|cc0|isc|cddl|classpath|"
                  r"universal permissive|upl|unlicense|sax|bouncy", re.I)
ENTRY = re.compile(r"^ +([\w.-]+):([\w.-]+):jar:(?:([\w.-]+):)?([\w.-]+):(?:compile|runtime):(.+?\.jar)(?: .*)?$")


def resolved(module):
    """Artifacts of a module at run time: (group:artifact, version, jar)."""
    out = []
    for line in (ROOT / module / "target" / LIST).read_text().splitlines():
        line = re.sub(r"\x1b\[[0-9;]*m", "", line)
        m = ENTRY.match(line)
        if m:
            out.append((f"{m[1]}:{m[2]}", m[4], pathlib.Path(m[5])))
        elif ":jar:" in line:
            raise SystemExit(f"a line of Maven's list is not understood: {line}")
    return out


def listing():
    """Modules know each other's jars only where these are made in the same call."""
    subprocess.run(
        ["mvn", "-B", "-ntp", "-q", "-Pquick", "-Dmaven.test.skip=true", "package", "dependency:list",
         "-DincludeScope=runtime", "-DoutputAbsoluteArtifactFilename=true", f"-DoutputFile=target/{LIST}"],
        cwd=ROOT, check=True)


def text(node, path):
    found = node.find("/".join("{*}" + p for p in path.split("/")))
    return None if found is None or found.text is None else found.text.strip()


def licences(pom):
    """Names of the licences in a POM or the nearest parent that has some."""
    for _ in range(8):
        if not pom.exists():
            return []
        root = ET.parse(pom).getroot()
        names = [text(l, "name") or text(l, "url") or "" for l in root.findall("{*}licenses/{*}license")]
        if names:
            return names
        parent = root.find("{*}parent")
        if parent is None:
            return []
        group, artifact, version = (text(parent, k) for k in ("groupId", "artifactId", "version"))
        repository = next(p for p in pom.parents if p.name == "repository")
        pom = repository / group.replace(".", "/") / artifact / version / f"{artifact}-{version}.pom"
    return []


def pom_of(artifact, version, jar):
    return jar.parent / f"{artifact.split(':')[1]}-{version}.pom"


def parts(version):
    """Numbers of a version; what a packager adds after a dash does not count."""
    return [int(n) for n in re.findall(r"\d+", version.split("-")[0])]


def less(a, b):
    n = max(len(a), len(b))
    return a + [0] * (n - len(a)) < b + [0] * (n - len(b))


def inside(version, span):
    m = re.fullmatch(r"([\[(])([^,]*),([^\])]*)([\])])", span)
    low, high, v = parts(m[2]), parts(m[3]), parts(version)
    below = less(v, low) or (m[1] == "(" and v == low) if low else False
    above = less(high, v) or (m[4] == ")" and not less(v, high)) if high else False
    return not below and not above


def rows(name):
    lines = (HERE / name).read_text().splitlines()
    return [l.split("\t") for l in lines if l and not l.startswith("#")]


def main():
    faults, accepted, found = [], {(a, v): why for a, v, why in rows("accepted.tsv")}, {}
    listing()
    for module in MODULES:
        for artifact, version, jar in resolved(module):
            if not artifact.startswith("org.cellweave:"):
                found.setdefault((artifact, version), (jar, []))[1].append(module)
    if len(found) < 30:
        faults.append(f"Maven listed only {len(found)} artifacts: build the project first")
    for (artifact, version), (jar, modules) in sorted(found.items()):
        names = licences(pom_of(artifact, version, jar))
        print(f"{artifact} {version}\t{' | '.join(names) or 'unknown'}\t{', '.join(dict.fromkeys(modules))}")
        if not any(FREE.search(n) for n in names):
            faults.append(f"{artifact} {version} is under {' | '.join(names) or 'no known licence'}, which this project does not use")
        for pattern, span, holes, fixed in rows("known.tsv"):
            if fnmatch.fnmatchcase(artifact, pattern) and inside(version, span):
                why = accepted.get((artifact, version))
                if why:
                    print(f"  accepted: {holes.split()[0]} and others of {span}, fixed in {fixed}: {why}")
                else:
                    faults.append(f"{artifact} {version} has {holes}; take {fixed} or newer")
    for artifact, version in accepted:
        if (artifact, version) not in found:
            faults.append(f"accepted.tsv names {artifact} {version}, which is not used any more: take the line out")
    print(f"{len(found)} artifacts in {len(MODULES)} modules, {len(faults)} faults")
    for fault in faults:
        print("fault: " + fault, file=sys.stderr)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
