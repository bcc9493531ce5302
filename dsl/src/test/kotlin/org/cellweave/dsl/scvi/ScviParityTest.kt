package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.dsl.ParityList.Companion.camel
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Test
import kotlin.io.path.readText
import kotlin.io.path.writeText
import kotlin.reflect.KVisibility
import kotlin.reflect.full.declaredMemberProperties

/**
 * The table of scvi-tools' functions and ours, `docs/scvi-parity.md`, made from the index of verbs. To write it anew:
 *
 * `mvn -q -Pquick -pl dsl -am test -Dtest=ScviParityTest -Dsurefire.failIfNoSpecifiedTests=false -Dparity.write=true`
 */
class ScviParityTest {
    private data class Member(val model: String, val name: String, val arguments: List<String>, val isProperty: Boolean)

    private val list = ParityList("scvi.tsv")
    private val members =
        list.rows.map { (model, name, arguments, kind) ->
            val left = if (name == "train") MACHINERY else MACHINERY + "batchSize"
            Member(model, name, arguments.split(",").filter { it.isNotEmpty() }.map(::camel) - left, kind == "p")
        }
    private val notes = ParityList("scvi-notes.tsv").rows.associate { it[0] to it[1] }
    private val properties =
        GenerativeModel::class
            .declaredMemberProperties
            .filter { it.visibility == KVisibility.PUBLIC }
            .map { it.name }
            .toSet()

    @Test
    fun `every function of scvi-tools' models has a counterpart or a reason`() {
        assertThat(members).hasSizeGreaterThan(180)
        assertThat(members.filter { !exists(it) && note(it) == null }.map { "${it.model}.${it.name}" })
            .`as`("add the verb or a line to dsl/src/test/resources/parity/scvi-notes.tsv")
            .isEmpty()
        val names = members.flatMap { listOf(it.name, "${it.model}.${it.name}") }
        assertThat(notes.keys - names.toSet()).`as`("notes on nothing").isEmpty()
    }

    @Test
    fun `the table is up to date`() {
        val page = SharedData.projectRoot().resolve("docs/scvi-parity.md")
        val table = table()
        if (System.getProperty("parity.write") == "true") page.writeText(table)
        assertThat(page.readText())
            .`as`("$page is stale; see the comment of ScviParityTest for the command")
            .isEqualTo(table)
    }

    private fun verbs(of: Member): List<VerbIndex.Verb> {
        val name = if (of.name == "__init__") "invoke" else camel(of.name)
        return VerbIndex.shared.all.filter { it.name == "scvi.${of.model}.$name" }
    }

    private fun exists(of: Member) = if (of.isProperty) camel(of.name) in properties else verbs(of).isNotEmpty()

    private fun note(of: Member) = notes["${of.model}.${of.name}"] ?: notes[of.name]

    private fun here(of: Member): String =
        when {
            !exists(of) -> ""
            of.name == "__init__" -> "`scvi.${of.model}(...)`"
            of.isProperty || verbs(of).first().of != null -> "`model.${camel(of.name)}`"
            else -> "`scvi.${of.model}.${camel(of.name)}`"
        }

    private fun row(of: Member): String {
        val have = verbs(of).flatMap { verb -> verb.parameters.map { it.name } }.distinct()
        val differences =
            if (exists(of) && !of.isProperty) {
                ParityList.differences(of.arguments - have.toSet(), have - of.arguments.toSet())
            } else {
                ""
            }
        val text = listOfNotNull(differences.ifEmpty { null }, note(of)).joinToString("; ")
        val name = if (of.name == "__init__") of.model else of.name
        return "| `$name` | ${here(of)} | $text |".replace("|  |", "| |")
    }

    /** What another model has the same way as SCVI is not told again. */
    private fun own(model: String): List<Member> {
        val scvi = members.filter { it.model == "SCVI" }.associateBy { it.name }
        return members.filter { it.model == model }.filter {
            val same = scvi[it.name]
            same == null || it.name in ALWAYS || exists(it) != exists(same) || it.arguments != same.arguments
        }
    }

    private fun table() =
        buildString {
            appendLine(HEAD.format(list.version))
            appendLine("${members.count(::exists)} of ${members.size} members of the four models have a counterpart.")
            section("SCVI", members.filter { it.model == "SCVI" })
            for (model in members.map { it.model }.distinct() - "SCVI") section(model, own(model))
            append(TAIL)
        }

    private fun StringBuilder.section(model: String, of: List<Member>) {
        appendLine("\n## $model\n")
        if (model != "SCVI") appendLine("Besides, or other than, what `SCVI` has.\n")
        appendLine("| scvi-tools | here | arguments that differ, what to use instead, or the reason |")
        appendLine("|---|---|---|")
        of.forEach { appendLine(row(it)) }
    }

    private companion object {
        val ALWAYS = setOf("__init__", "setup_anndata")

        /** Of PyTorch's loaders and devices, which have no counterpart. */
        val MACHINERY =
            setOf(
                "dataloader", "dataLoaderKwargs", "datamodule", "silent", "devices", "device", "registry",
                "datasplitterKwargs", "trainerConfig", "planConfig", "loadSparseTensor", "saveKwargs",
                "legacyMudataFormat", "allowedClassesNamesList", "backupUrl", "prefix",
            )

        val HEAD =
            """
            # scvi-tools' models and ours

            Made from the index of verbs by `ScviParityTest`; do not edit. Compared with scvi-tools %s. Arguments have
            scvi-tools' names in camelCase; those of PyTorch's loaders, devices and trainer are left out, with them
            `batch_size` of questions, and what goes through `**kwargs` there (`plan_kwargs`, the trainer's) is named
            here. A list of names may be one name.

            """.trimIndent()

        val TAIL =
            """

            ## What is not there

            Models: `AUTOZI`, `AmortizedLDA`, `CondSCVI`, `DestVI`, `MULTIVI`, `PEAKVI`, `TOTALVI` and, but for
            `JointEmbeddingSCVI`, all of `scvi.external`. `scvi.autotune`, `scvi.criticism`, `scvi.hub`,
            `scvi.dataloaders` and MuData have no counterpart.

            ## What differs though it has the same name

            - History: accuracy and calibration of scANVI's classifier in training are those after the epoch, without
              dropout; there are none where new cells of a reference have no label.
            - What a query keeps of its reference is not trained at all, so that weight decay does not touch it.
            - Seeds: every call has its own, `scvi.settings.seed` by default; the same seed gives the same bits for any
              number of threads on the CPU engine.
            - Files: `save` writes one `model.safetensors`, which holds no code; models that scvi-tools has saved are
              not read.
            - Batches have weights of their own in every layer, which is the mathematics of one-hot columns; embeddings
              of batches are refused.
            """.trimIndent() + "\n"
    }
}
