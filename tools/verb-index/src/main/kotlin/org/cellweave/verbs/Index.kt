package org.cellweave.verbs

/** What a module offers: the namespaces that lead from a name such as `sc`, and the verbs in them. */
internal data class Index(
    val namespaces: List<Namespace>,
    val verbs: List<Verb>,
    /** What can be asked of the objects that verbs take and give: `AnnData.obs`, `DataFrame.head`. */
    val members: List<Verb> = emptyList(),
)

/**
 * @property path as users write it: `sc.pp`
 * @property declared qualified name of the object
 */
internal data class Namespace(val path: String, val declared: String, val summary: String)

/**
 * One form of a verb; several of one name are overloads.
 *
 * @property name with its namespace: `sc.pp.pca`
 * @property source file, below the folder of sources
 * @property returns type as written; null for a function that returns nothing
 * @property of the class that declares a method of what the namespace makes; null for functions of the namespace
 * @property isProperty whether it is read without parentheses
 */
internal data class Verb(
    val name: String,
    val namespace: String,
    val source: String,
    val parameters: List<Parameter>,
    val returns: String?,
    val documentation: Documentation,
    val of: String? = null,
    val isProperty: Boolean = false,
)

/**
 * @property declared name and type as written, such as `vararg keys: String`
 * @property default null when the argument must be given
 */
internal data class Parameter(val name: String, val declared: String, val default: Default?)

/**
 * What holds when an argument is left out.
 *
 * @property code the expression in the source
 * @property value what it gives, as Kotlin would write it; the expression itself where it is no constant
 * @property choices in place of [value] for an expression that reads a setting with an enum's type: what it gives for
 *   each entry of the enum; entries for which it throws, so that the argument must be given, are left out
 */
internal data class Default(val code: String, val value: String, val choices: Map<String, String> = emptyMap())
