"""python3 -m unittest discover kernels/jupyter/src/test/python"""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "main" / "python"))
import readable  # noqa: E402

VERBS = {
    "sc.pp.neighbors": {
        "text": "sc.pp.neighbors(...)",
        "html": "<pre>sc.pp.neighbors</pre>",
        "arguments": {
            "adata": {"declared": "adata: AnnData", "text": ""},
            "nNeighbors": {"declared": "nNeighbors: Int = 15", "text": "counts the cell itself"},
        },
    },
    "sc.pp.pca": {"text": "sc.pp.pca(...)", "html": "", "arguments": {"nComps": {"declared": "nComps: Int? = null", "text": ""}}},
}
PLAIN = "\x1b[0m"


def lines(error, code=""):
    shown = readable.tidied(error, code, VERBS)["traceback"]
    return [shown[0].removeprefix("\x1b[1m").removesuffix(PLAIN), *shown[1:]]


class Inspection(unittest.TestCase):
    def test_a_verb_under_the_cursor(self):
        code = "val x = sc.pp.neighbors(adata)"
        for cursor in (code.index("neigh"), code.index("neigh") + 3, code.index("(")):
            self.assertEqual(readable.inspection(code, cursor, VERBS)["text/plain"], "sc.pp.neighbors(...)")

    def test_a_verb_of_another_root(self):
        verbs = {"scvi.model": {"text": "scvi.model(...)", "html": "", "arguments": {}}}
        self.assertEqual(readable.inspection("scvi.model(a)", 7, verbs)["text/plain"], "scvi.model(...)")
        hint = readable.suggestion("Unresolved reference 'modle'", "scvi.modle(a)", 1, 6, verbs)
        self.assertEqual(hint, ". Did you mean model?")

    def test_an_argument_comes_before_its_verb(self):
        code = "sc.pp.neighbors(adata, nNeighbors = f(3), "
        found = readable.inspection(code, code.index("nNei") + 2, VERBS)["text/plain"]
        self.assertTrue(found.startswith("nNeighbors: Int = 15\n\ncounts the cell itself\n\nsc.pp.neighbors"))
        self.assertEqual(readable.inspection(code, len(code), VERBS)["text/plain"], "sc.pp.neighbors(...)")

    def test_what_a_value_can_be_asked(self):
        verbs = {**VERBS, ".obsVector": {"text": "AnnData.obsVector(k)", "html": "", "arguments": {"k": {"declared": "k: String", "text": ""}}}}
        for code in ("adata.obsVector", "cells[all, genes].obsVector", "adata.obsVector("):
            self.assertEqual(readable.inspection(code, len(code), verbs)["text/plain"], "AnnData.obsVector(k)", code)
        self.assertIsNone(readable.inspection("obsVector", 4, verbs))
        self.assertIsNone(readable.inspection("sc.obsVector", 6, verbs))
        hint = readable.suggestion("Unresolved reference 'obs_vector'", "adata.obs_vector(1)", 1, 7, verbs)
        self.assertEqual(hint, ". Did you mean obsVector?")
        self.assertEqual(readable.suggestion("Unresolved reference 'zzz'", "adata.zzz", 1, 7, verbs), "")

    def test_other_names_are_left_to_the_kernel(self):
        for code in ("adata.obs", "println(adata)", "", "sc.pp.", "sc.pp.unknown(x"):
            self.assertIsNone(readable.inspection(code, len(code), VERBS))


class KeywordVar(unittest.TestCase):
    def test_it_is_told_once_a_line(self):
        code = 'val x = 1\nval n = adata.var["mt"]'
        said = [
            "at Cell In[3], line 2, column 15: the expression cannot be a selector (cannot occur after a dot).",
            "at Cell In[3], line 2, column 18: syntax error: Expecting property name or receiver type.",
        ]
        error = {"ename": "org.jetbrains.kotlinx.jupyter.exceptions.ReplCompilerException", "evalue": "\n".join(said)}
        self.assertEqual(lines(error, code), [
            f"Cell In[3], line 2, column 15: {readable.KEYWORD_VAR}",
            '    val n = adata.var["mt"]',
            "                  ^",
        ])


class Libraries(unittest.TestCase):
    def test_use_takes_the_files_of_this_installation(self):
        own = {"cellweave": "/a/cellweave.json", "cellweave-dataframe": "/a/df.json", "odd": "/with space/x.json"}
        for code, expected in {
            "%use cellweave": "%use @file[/a/cellweave.json]",
            "%use cellweave, cellweave-dataframe\nval cellweave = 1":
                "%use @file[/a/cellweave.json], @file[/a/df.json]\nval cellweave = 1",
            "%use coroutines, cellweave@dev, my-cellweave, odd": "%use coroutines, cellweave@dev, my-cellweave, odd",
            "println(1)": "println(1)",
        }.items():
            self.assertEqual(readable.with_own_libraries(code, own), expected)


class Errors(unittest.TestCase):
    def test_a_misspelt_argument(self):
        code = "val a = 1\nsc.pp.pca(adata, nComp = 5)"
        error = {
            "ename": "org.jetbrains.kotlinx.jupyter.exceptions.ReplCompilerException",
            "evalue": "at Cell In[7], line 2, column 18: Cannot find a parameter with this name: nComp",
            "traceback": ["\tat org.jetbrains.kotlinx.X"],
        }
        self.assertEqual(
            lines(error, code),
            [
                "Cell In[7], line 2, column 18: Cannot find a parameter with this name: nComp. Did you mean nComps?",
                "    sc.pp.pca(adata, nComp = 5)",
                "                     ^",
            ],
        )

    def test_a_misspelt_argument_of_a_verb_with_several_forms(self):
        forms = (
            "at Cell In[7], line 1, column 7: None of the following functions can be called with the arguments supplied: \n"
            "public fun Preprocessing.pca(adata: AnnData, nComps: Int? = ..., vararg maskVar: Any): AnnData defined in org.cellweave.dsl\n"
            "public fun Preprocessing.pca(data: Matrix, nComps: Int? = ...): Pca.Result defined in org.cellweave.dsl\n"
            "at Cell In[7], line 3, column 1: Unresolved reference: zzz"
        )
        error = {"ename": "org.jetbrains.kotlinx.jupyter.exceptions.ReplCompilerException", "evalue": forms, "traceback": []}
        code = 'sc.pp.pca(f(", nope = 1", nope = 2),\n  maskVar = a == b, nComp = 5)\nzzz'
        self.assertEqual(
            lines(error, code),
            [
                "Cell In[7], line 2, column 21: Cannot find a parameter with this name: nComp. Did you mean nComps?",
                "      maskVar = a == b, nComp = 5)",
                "                        ^",
                "and 1 more message on line 3, maybe because of this one",
            ],
        )
        # Names that are known, of a wrong type: what the forms take.
        shown = lines(error, 'sc.pp.pca(adata, nComps = "x")\n\nzzz')
        self.assertEqual(len(shown), 4)
        self.assertIn("No form of pca takes arguments of these types; ?sc.pp.pca explains them", shown[0])
        self.assertEqual(
            shown[3],
            "it takes (adata: AnnData, nComps: Int? = ..., vararg maskVar: Any) or (data: Matrix, nComps: Int? = ...)",
        )

    def test_no_error_is_longer_than_four_lines(self):
        many = "\n".join(f"at Cell In[1], line {row}, column 1: Unresolved reference: a{row}" for row in range(1, 9))
        shown = lines({"ename": "x.ReplCompilerException", "evalue": many}, "\n".join(f"a{row}" for row in range(1, 9)))
        self.assertEqual(shown[0], "Cell In[1], line 1, column 1: Unresolved reference: a1")
        self.assertEqual(shown[3:], ["and 7 more messages on lines 2, 3, 4, 5, 6, ..., maybe because of this one"])
        frames = [f"\tat org.cellweave.A.m{at}(A.java:{at})" for at in range(6)]
        cells = [f"\tat Line_1_jupyter.f(Line_1.jupyter.kts:{at}) at Cell In[1], line {at}" for at in range(1, 4)]
        error = {"ename": "java.lang.IllegalStateException", "evalue": "x",
                 "traceback": ["java.lang.IllegalStateException: a", *frames, *cells, " at Cell In[1], line 9"]}
        self.assertEqual(
            lines(error),
            ["java.lang.IllegalStateException: a", "    at org.cellweave.A.m0(A.java:0)", "    at org.cellweave.A.m1(A.java:1)",
             "    at Cell In[1], line 3"],
        )
        error["traceback"][0] = "java.lang.IllegalStateException: a\nb\nc\nd\ne"
        self.assertEqual(lines(error), ["java.lang.IllegalStateException: a", "b", "c", "    at Cell In[1], line 3"])

    def test_a_misspelt_verb_and_python_spelling(self):
        error = {
            "ename": "x.ReplCompilerException",
            "evalue": "at Cell In[1], line 1, column 7: Unresolved reference: nighbors",
        }
        self.assertIn("Did you mean neighbors?", lines(error, "sc.pp.nighbors(adata)")[0])
        error["evalue"] = "at Cell In[1], line 1, column 24: Cannot find a parameter with this name: n_neighbors"
        self.assertIn("Did you mean nNeighbors?", lines(error, "sc.pp.neighbors(adata, n_neighbors = 3)")[0])
        error["evalue"] = "at Cell In[1], line 1, column 24: Cannot find a parameter with this name: zzz"
        self.assertIn("Known are adata, nNeighbors.", lines(error, "sc.pp.neighbors(adata, zzz = 3)")[0])

    def test_our_message_first_then_the_lines_of_cells(self):
        error = {
            "ename": "org.cellweave.util.MissingKeyException",
            "evalue": "obs['b3'] is missing; obs has [batch].",
            "traceback": (
                "org.cellweave.util.MissingKeyException: obs['b3'] is missing; obs has [batch].\n"
                "\tat Line_11_jupyter.f(Line_11.jupyter.kts:1)\n"
                "\tat Line_11_jupyter.g(Line_11.jupyter.kts:2) at Cell In[9], line 1\n"
                "\tat Line_11_jupyter.<init>(Line_11.jupyter.kts:3) at Cell In[9], line 2\n"
                " at Cell In[9], line 3\n"
                "\n"
                "org.cellweave.util.MissingKeyException: obs['b3'] is missing; obs has [batch].\n"
                "at Cell In[9], line 1"
            ).split("\n"),
        }
        self.assertEqual(
            lines(error),
            [
                "obs['b3'] is missing; obs has [batch].",
                "    at Cell In[9], line 1",
                "    at Cell In[9], line 2",
                "    at Cell In[9], line 3",
            ],
        )

    def test_one_frame_takes_its_place_from_the_repetition(self):
        error = {
            "ename": "java.lang.IllegalArgumentException",
            "evalue": "nNeighbors must be at least 2",
            "traceback": [
                "java.lang.IllegalArgumentException: nNeighbors must be at least 2",
                "\tat Line_10_jupyter.<init>(Line_10.jupyter.kts:1)",
                "",
                "java.lang.IllegalArgumentException: nNeighbors must be at least 2",
                "at Cell In[8], line 1",
            ],
        }
        self.assertEqual(lines(error), ["nNeighbors must be at least 2", "    at Cell In[8], line 1"])

    def test_a_failure_of_the_program_keeps_its_type_and_place(self):
        error = {
            "ename": "java.lang.IllegalStateException",
            "evalue": "x",
            "traceback": [
                "java.lang.IllegalStateException: x",
                "\tat org.cellweave.embed.umap.Umap.run(Umap.java:3)",
                "\tat Line_1_jupyter.<init>(Line_1.jupyter.kts:1) at Cell In[1], line 1",
            ],
        }
        self.assertEqual(
            lines(error),
            ["java.lang.IllegalStateException: x", "    at org.cellweave.embed.umap.Umap.run(Umap.java:3)", "    at Cell In[1], line 1"],
        )

    def test_an_interrupt_is_one_sentence(self):
        for name in ("org.jetbrains.kotlinx.jupyter.exceptions.ReplInterruptedException", "java.util.concurrent.CancellationException"):
            self.assertEqual(lines({"ename": name, "evalue": "", "traceback": ["a", "b"]}), ["The cell was interrupted."])

    def test_what_cannot_be_read_stays_as_it_is(self):
        error = {"ename": "Odd", "evalue": "", "traceback": []}
        self.assertEqual(readable.tidied(error, "", VERBS), error)


if __name__ == "__main__":
    unittest.main()
