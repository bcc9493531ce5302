"""What a reader of a notebook sees of errors and of documentation. Pure functions on the kernel's messages."""

import difflib
import html
import itertools
import re

# Bold alone: front ends put errors on a red ground, where red letters are hard to read.
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"
NAME = r"[A-Za-z_]\w*"
CELL = re.compile(r"\bat (Cell In\[\d+\], line \d+)")
COMPILER_LINE = re.compile(r"^at (Cell In\[\d+\], line (\d+)), column (\d+): (.*)$")
NONE_FITS = "None of the following functions can be called with the arguments supplied"
MEMBER_VAR = re.compile(r"\.(var)(?!\w)")
KEYWORD_VAR = "'var' begins a variable in Kotlin; write .vars for the genes, as in adata.vars"
FORM = re.compile(r"^(?:@\S+ )*(?:public |internal |inline |operator |infix |suspend )*(?:fun|constructor)\b")
PARAMETER = re.compile(rf"[(,] ?(?:vararg )?({NAME}): ")
LITERAL = re.compile(r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*[\s\S]*?\*/')
NAMED = re.compile(rf"\s*({NAME})\s*=(?!=)")
# More is not read; the compiler reports a fault as three lines.
MOST_LINES = 4
SHOWN_ROWS = 5
LONGEST_FORMS = 300
PARAMETERS = re.compile(r"\((.*)\)(?::| defined in |$)")
IN_CELL = "    at Cell In["
FRAME = re.compile(r"^\s*(at |Caused by|\.\.\. \d+ more)")
TYPED = re.compile(rf"^(?:{NAME}\.)*({NAME}(?:Exception|Error))(?:: |$)")


def with_own_libraries(code, described):
    """`%use` with the files of this installation: by name, the kernel would take those in the user's folder first."""
    own = {name: path for name, path in described.items() if re.fullmatch(r"[\w./+~-]+", path)}
    names = "|".join(sorted(map(re.escape, own), key=len, reverse=True))
    if not names:
        return code
    wanted = re.compile(rf"(?<![\w/@.\[-])({names})(?![\w/@.\[(-])")
    lines = (
        wanted.sub(lambda found: f"@file[{own[found.group(1)]}]", line) if line.lstrip().startswith("%use ") else line
        for line in code.split("\n")
    )
    return "\n".join(lines)


def dotted_name(code, cursor):
    """The name that the cursor touches, with what stands before its dots: `sc.pp.neighbors`."""
    start, end = cursor, cursor
    while start > 0 and (code[start - 1].isalnum() or code[start - 1] in "_."):
        start -= 1
    while end < len(code) and (code[end].isalnum() or code[end] == "_"):
        end += 1
    name = code[start:end].rstrip(".")
    # What stands behind brackets is asked of a value without a name.
    return f"it{name}" if name.startswith(".") else name


def open_call(code, cursor):
    """The name of the call whose argument list the cursor is in, or None."""
    depth = 0
    for i in range(min(cursor, len(code)) - 1, -1, -1):
        if code[i] in ")]}":
            depth += 1
        elif code[i] in "([{":
            if depth == 0 and code[i] == "(":
                return dotted_name(code[:i].rstrip(), len(code[:i].rstrip()))
            depth -= 1
    return None


def verb(name, verbs):
    """What is known of a name: a verb's, or of what any value before its last dot can be asked."""
    if not name:
        return None
    found = verbs.get(name)
    if found is None and "." in name and name.split(".")[0] not in roots(verbs):
        found = verbs.get("." + name.rsplit(".", 1)[1])
    return found


def roots(verbs):
    return {name.split(".")[0] for name in verbs if not name.startswith(".")}


def inspection(code, cursor, verbs):
    """Documentation for the place of the cursor as MIME data, or None."""
    name = dotted_name(code, cursor)
    found = verb(name, verbs)
    if found:
        return {"text/plain": found["text"], "text/html": found["html"]}
    call = verb(open_call(code, cursor), verbs)
    if not call:
        return None
    said = call["arguments"].get(name)
    if said is None:
        return {"text/plain": call["text"], "text/html": call["html"]}
    head = f"{said['declared']}\n\n{said['text']}".strip()
    return {"text/plain": f"{head}\n\n{call['text']}", "text/html": f"<pre>{html.escape(head, quote=False)}</pre><hr/>{call['html']}"}


def tidied(error, code, verbs):
    """The content of an `error` or `execute_reply` message: our sentence first, then the cells' lines."""
    kind = error.get("ename", "").rsplit(".", 1)[-1]
    if kind == "ReplCompilerException":
        lines = compiler_lines(error.get("evalue", ""), code, verbs)
    elif kind == "ReplInterruptedException" or error.get("ename") == "java.util.concurrent.CancellationException":
        lines = ["The cell was interrupted."]
    else:
        lines = failure_lines(error)
    if not lines:
        return error
    lines = few(lines)
    evalue = lines[0]
    return {**error, "evalue": evalue, "traceback": [f"{BOLD}{lines[0]}{PLAIN}", *lines[1:]]}


def few(lines):
    """At most four lines: what is wrong, then the place in the cell that runs, which is the last frame of a cell."""
    lines = [line for text in lines for line in text.split("\n") if line.strip()]
    if len(lines) <= MOST_LINES:
        return lines
    cells = [at for at, line in enumerate(lines) if line.startswith(IN_CELL)]
    first = next((at for at, line in enumerate(lines) if FRAME.match(line)), len(lines))
    last = [lines[cells[-1]]] if cells else []
    room = MOST_LINES - len(last)
    # What was thrown inside and its place say more than the call that the reader has before his eyes.
    head = lines[: min(first, room)]
    inner = [line for at, line in enumerate(lines) if at >= first and (not cells or at != cells[-1])]
    return head + inner[: room - len(head)] + last


def failure_lines(error):
    trace = "\n".join(error.get("traceback", []))
    # The kernel writes the place in a cell behind the frame after the one it belongs to, so order alone tells.
    places = iter(CELL.findall(trace))
    # It repeats type, message and first cell after an empty line.
    body = trace.split("\n\n" + error.get("ename", "\0"))[0]
    message, frames = [], []
    for line in body.split("\n"):
        if "_jupyter." in line and ".jupyter.kts:" in line:
            frames.append(f"    at {next(places, line.strip())}")
        elif re.match(r"^\s*at Cell In", line):
            continue
        elif re.match(r"^\s*at [\w.$<>/]+", line):
            frames.append("    " + CELL.sub("", line).strip())
        elif re.match(r"^\s*(Caused by|\.\.\. \d+ more)", line):
            frames.append(line.rstrip())
        elif not frames:
            message.append(line)
    text = "\n".join(message).strip()
    typed = TYPED.match(text)
    # An exception whose message was written for a reader needs no type in front.
    if typed and (error.get("ename", "").startswith("org.cellweave.") or typed.group(1) in PLAIN_TYPES):
        text = text[typed.end():] or typed.group(1)
    unique = [frame for i, frame in enumerate(frames) if i == 0 or frames[i - 1] != frame]
    return [text, *unique] if text else []


PLAIN_TYPES = {"IllegalArgumentException", "IndexOutOfBoundsException", "FileNotFoundException", "NoSuchFileException"}


def compiler_lines(evalue, code, verbs):
    """The first fault with its line, a caret, and near names where a name is unknown; how many follow and where.

    One fault makes others, of which the compiler reports each: what follows is read once the first is mended.
    """
    faults = list(compiler_faults(evalue, code, verbs))
    if not faults:
        return [line for line in evalue.split("\n") if line.strip()][:MOST_LINES]
    first, rows = faults[0][1], [row for row, _ in faults[1:]]
    if rows and len(first) < MOST_LINES:
        where = sorted(set(rows))
        shown = ", ".join(map(str, where[:SHOWN_ROWS])) + (", ..." if len(where) > SHOWN_ROWS else "")
        lines = f"line{'s' if len(where) > 1 else ''} {shown}"
        first.append(f"and {len(rows)} more message{'s' if len(rows) > 1 else ''} on {lines}, maybe because of this one")
    return first


def compiler_faults(evalue, code, verbs):
    """Row and lines of each fault."""
    source = code.split("\n")
    told = set()
    lines = evalue.split("\n")
    at = 0
    while at < len(lines):
        found = COMPILER_LINE.match(lines[at])
        at += 1
        if not found:
            continue
        place, row, column, text = found.group(1), int(found.group(2)), int(found.group(3)), found.group(4)
        taken = []
        member = MEMBER_VAR.search(source[row - 1]) if row <= len(source) else None
        if member and column > member.start(1):
            # The compiler stumbles over it several times.
            if row in told:
                continue
            told.add(row)
            column, text = member.start(1) + 1, KEYWORD_VAR
        if text.startswith(NONE_FITS):
            forms = list(itertools.takewhile(FORM.match, lines[at:]))
            at += len(forms)
            wrong = misnamed(code, row, column, forms)
            if wrong:
                row, column, text = wrong
                place = re.sub(r"line \d+$", f"line {row}", place)
            else:
                text, taken = none_fits(code, row, column, forms, verbs)
        hint = suggestion(text, code, row, column, verbs)
        fault = [f"{place}, column {column}: {text}{hint}"]
        if row <= len(source):
            shown = source[row - 1]
            fault += ["    " + shown, "    " + re.sub(r"[^\t]", " ", shown[: column - 1]) + "^"]
        yield row, fault + taken


def none_fits(code, row, column, forms, verbs):
    """The sentence for arguments of wrong types, and a line of what the forms of the function take."""
    name = re.match(NAME, code.split("\n")[row - 1][column - 1 :])
    cursor = sum(len(line) + 1 for line in code.split("\n")[: row - 1]) + column - 1
    call = dotted_name(code, cursor)
    called = name.group(0) if name else "the operator"
    help_line = f"; ?{call} explains them" if verb(call, verbs) else ""
    takes = " or ".join(f"({PARAMETERS.search(form).group(1)})" for form in forms if PARAMETERS.search(form))
    short = takes if len(takes) <= LONGEST_FORMS else takes[:LONGEST_FORMS].rsplit(" ", 1)[0] + " ..."
    return f"No form of {called} takes arguments of these types{help_line}", [f"it takes {short}"] if takes else []


def misnamed(code, row, column, forms):
    """Line, column and sentence of the first named argument of a call that no form of the function knows, or None.

    The compiler says of a function with several forms only that none fits, and lists them.
    """
    known = {name for form in forms for name in PARAMETER.findall(form)}
    start = sum(len(line) + 1 for line in code.split("\n")[: row - 1]) + column - 1
    for place, name in named_arguments(code, start):
        if known and name not in known:
            before = code[:place].split("\n")
            return len(before), len(before[-1]) + 1, f"Cannot find a parameter with this name: {name}"
    return None


def named_arguments(code, start):
    """Places and names of the named arguments of the call whose name begins at `start`."""
    depth, at = 0, start
    while at < len(code):
        literal = LITERAL.match(code, at)
        if literal:
            at = literal.end()
            continue
        if code[at] in "([{":
            depth += 1
        elif code[at] in ")]}":
            depth -= 1
            if depth <= 0:
                return
        if depth == 1 and code[at] in "(,":
            named = NAMED.match(code, at + 1)
            if named:
                yield named.start(1), named.group(1)
        at += 1


def suggestion(text, code, row, column, verbs):
    cursor = sum(len(line) + 1 for line in code.split("\n")[: row - 1]) + column - 1
    unknown = re.match(r"(?:Cannot find a parameter with this name|No parameter with name)[: ]+'?(\w+)", text)
    if unknown:
        call = verb(open_call(code, cursor), verbs)
        return near(unknown.group(1), list(call["arguments"])) if call else ""
    unknown = re.match(r"Unresolved reference[: ]+'?(\w+)", text)
    if unknown:
        space = dotted_name(code, cursor).removesuffix(unknown.group(1)).strip(".")
        names = {name.removeprefix(f"{space}.").split(".")[0] for name in verbs if name.startswith(f"{space}.")}
        if space and not names:
            # Of a value, whose type is not known here, all words that any can be asked: too many to list.
            words = [name[1:] for name in verbs if name.startswith(".")]
            return hint if "mean" in (hint := near(unknown.group(1), words)) else ""
        return near(unknown.group(1), sorted(names) if space else [])
    return ""


def near(name, known):
    by_lower = {other.lower(): other for other in known}
    close = difflib.get_close_matches(name.lower().replace("_", ""), list(by_lower), n=1, cutoff=0.6)
    if close:
        return f". Did you mean {by_lower[close[0]]}?"
    return f". Known are {', '.join(known)}." if known else ""
