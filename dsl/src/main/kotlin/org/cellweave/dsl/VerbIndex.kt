package org.cellweave.dsl

import org.cellweave.dsl.session.preset
import org.jetbrains.letsPlot.commons.intern.json.JsonSupport

/**
 * All verbs with their arguments, defaults and documentation, as the build has listed them from sources and compiled
 * classes (`tools/verb-index`): help, near names and the comparison with scanpy read nothing else. A module that adds
 * verbs brings a list of its own under the same name.
 */
internal class VerbIndex private constructor(lists: List<Map<String, Any?>>) {
    /** Every form of every verb: those of one name are overloads, in the order of the sources. */
    val all: List<Verb> = lists.flatMap { list -> list.records("verbs").map(::Verb) }

    /** By name without `sc.`, sorted; of overloads the one with the longest signature. */
    val verbs: Map<String, Verb> =
        all
            .groupBy { it.name.removePrefix("sc.") }
            .mapValues { (_, overloads) -> overloads.maxBy { it.signature().length } }
            .toSortedMap()

    /** What can be asked of objects, by `AnnData.obs`; those of one name are overloads. */
    val members: Map<String, List<Verb>> =
        lists.flatMap { list -> list.records("members").map(::Verb) }.groupBy { it.name }.toSortedMap()

    /** Members of any class by their last word: `head`. */
    val membersByWord: Map<String, List<Verb>> =
        members.values.flatten().groupBy { it.name.substringAfterLast('.') }

    /**
     * One form of a verb.
     *
     * @property name with its namespace: `sc.pp.pca`
     * @property of the class of the model whose method it is, which may be one above; null for other verbs
     * @property source the file that it stands in
     * @property summary its first sentence
     * @property text all of its documentation but that of single arguments
     * @property reads what is said of reading
     * @property writes what is said of writing
     * @property arguments what is said about single arguments, in the order of the documentation
     */
    class Verb(fields: Map<String, Any?>) {
        val name: String = fields.text("name")
        val namespace: String = fields.text("namespace")
        val of: String? = fields["of"] as String?
        val source: String = fields.text("source")
        val summary: String = fields.text("summary")
        val text: String = fields.text("text")
        val reads: String = fields.text("reads")
        val writes: String = fields.text("writes")
        val arguments: Map<String, String> = fields.texts("arguments").orEmpty()
        val parameters: List<Parameter> = fields.records("parameters").map(::Parameter)
        private val returns: String = fields.text("returns")
        private val isProperty: Boolean = fields["property"] == true

        /** The call as one would declare it, a method's on `model`, with the defaults of the preset in force. */
        fun signature(): String {
            val arguments = parameters.joinToString("") { "    ${it.declaration()},\n" }
            val called = if (of == null) name else "model.${name.substringAfterLast('.')}"
            val call =
                when {
                    isProperty -> called
                    arguments.isEmpty() -> "$called()"
                    else -> "$called(\n$arguments)"
                }
            return if (returns.isEmpty()) call else "$call: $returns"
        }
    }

    /** @property code the default as the source has it; null when the argument must be given */
    class Parameter(fields: Map<String, Any?>) {
        val name: String = fields.text("name")
        private val declared: String = fields.text("declared")
        private val default: String? = fields["default"] as String?
        private val byPreset: Map<String, String>? = fields.texts("defaults")
        val code: String? = fields["code"] as String? ?: default

        /** `nNeighbors: Int = 15`, with the default of the preset in force. */
        fun declaration(): String {
            val value = if (byPreset == null) default else byPreset[preset.name]
            return if (value == null) declared else "$declared = $value"
        }
    }

    companion object {
        const val NAME = "META-INF/cellweave/verbs.json"
        private const val FORMAT = 1.0

        val shared: VerbIndex by lazy { of(VerbIndex::class.java.classLoader) }

        /** The lists of all modules that [loader] sees. */
        fun of(loader: ClassLoader): VerbIndex {
            val lists = loader.getResources(NAME).toList().map { JsonSupport.parseJson(it.readText()) }
            check(lists.isNotEmpty()) { "$NAME is missing: the build makes it once the classes are compiled" }
            check(lists.all { it["format"] == FORMAT }) { "$NAME comes from another version of Cellweave" }
            return VerbIndex(lists)
        }

        private fun Map<String, Any?>.text(field: String): String = this[field] as String? ?: ""

        @Suppress("UNCHECKED_CAST")
        private fun Map<String, Any?>.texts(field: String): Map<String, String>? = this[field] as Map<String, String>?

        @Suppress("UNCHECKED_CAST")
        private fun Map<String, Any?>.records(field: String): List<Map<String, Any?>> =
            this[field] as List<Map<String, Any?>>? ?: emptyList()
    }
}
