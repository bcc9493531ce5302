package org.cellweave.verbs

import org.jetbrains.kotlin.lexer.KtTokens
import org.jetbrains.kotlin.psi.KtCallableDeclaration
import org.jetbrains.kotlin.psi.KtNamedFunction
import org.jetbrains.kotlin.psi.KtObjectDeclaration
import org.jetbrains.kotlin.psi.KtParameter
import org.jetbrains.kotlin.psi.KtProperty
import org.jetbrains.kotlin.psi.KtTypeReference
import org.jetbrains.kotlin.psi.psiUtil.startOffset

/**
 * Lists verbs: public extension functions on a namespace's object, the object's own public functions, and the methods
 * of what it makes ([Made]).
 *
 * @param classes where the module's compiled classes and what they need are; defaults are read from them
 */
internal class VerbReader(private val sources: Sources, classes: ClassLoader) {
    private val namespaces = Namespaces(sources)
    private val defaults = Defaults(sources, classes)

    fun index(): Index {
        val extensions = sources.functions.filter { it.isPublic() }.mapNotNull { f -> namespace(f)?.let { f to it } }
        val members = namespaces.paths.keys.flatMap { owner ->
            owner.declarations
                .filterIsInstance<KtNamedFunction>()
                .filter { it.isPublic() && !it.hasModifier(KtTokens.OVERRIDE_KEYWORD) }
                .map { it to owner }
        }
        val methods = Made(sources, namespaces).methods
        val verbs = (
            (extensions + members).map { (f, owner) -> Found(f, owner, null) } +
                methods.map { Found(it.function, it.namespace, it.of.name) }
        ).sortedWith(compareBy({ sources.path(it.function.containingKtFile) }, { it.function.startOffset }))
            .map { verb(it.function, namespaces.paths.getValue(it.owner)).copy(of = it.of) }
        return Index(listed().sortedBy { it.path }, verbs.sortedBy { it.name }, members().sortedBy { it.name })
    }

    /** Of the Java classes, of public Kotlin classes, and extensions of any type but a namespace's object. */
    private fun members(): List<Verb> {
        val extended = sources.functions.filter { it.isPublic() && isOnValues(it.receiverTypeReference) }.map { f ->
            member(f, receiver(checkNotNull(f.receiverTypeReference)), isProperty = false)
        } + sources.properties.filter { it.isPublic() && isOnValues(it.receiverTypeReference) }.map { p ->
            member(p, receiver(checkNotNull(p.receiverTypeReference)), isProperty = true)
        }
        val own = sources.classes.values.filter { it.isPublic() && it.isTopLevel() }.flatMap { type ->
            type.declarations
                .filterIsInstance<KtCallableDeclaration>()
                .filter {
                    it.isPublic() && !it.hasModifier(KtTokens.OVERRIDE_KEYWORD) &&
                        it.receiverTypeReference == null
                }.filter { it is KtNamedFunction || it is KtProperty }
                .map { member(it, checkNotNull(type.name), isProperty = it is KtProperty) }
        }
        return extended + own + JavaMembers.of(sources.javaClasses)
    }

    private fun isOnValues(receiver: KtTypeReference?): Boolean =
        receiver != null && namespaces.objectOf(receiver) == null

    private fun receiver(type: KtTypeReference): String = type.text
        .removeSuffix("?")
        .substringBefore('<')
        .substringAfterLast('.')

    private fun member(declared: KtCallableDeclaration, of: String, isProperty: Boolean): Verb =
        Verb(
            name = "$of.${declared.name}",
            namespace = of,
            source = sources.path(declared.containingKtFile),
            parameters = declared.valueParameters.map(::parameter),
            returns = declared.typeReference?.let { flat(it.text) },
            documentation = Documentation.of(declared.docComment),
            isProperty = isProperty,
        )

    /** @property of the class of a method */
    private class Found(val function: KtNamedFunction, val owner: KtObjectDeclaration, val of: String?)

    private fun listed(): List<Namespace> =
        namespaces.paths.map { (declared, path) ->
            val summary = Documentation.of(declared.docComment).summary
            Namespace(path, checkNotNull(declared.fqName).asString(), summary)
        }

    /** Null for functions of other types; an object that no property leads to is a namespace half made. */
    private fun namespace(function: KtNamedFunction): KtObjectDeclaration? {
        val receiver = function.receiverTypeReference ?: return null
        namespaces.of(receiver)?.let { return it }
        val stray = namespaces.objectOf(receiver) ?: return null
        val (place, type) = sources.path(function.containingKtFile) to stray.name
        throw IllegalArgumentException(
            "$place: ${function.name} belongs to the object $type, which no public property leads to. " +
                "Declare one, such as `public val name: $type get() = $type`.",
        )
    }

    private fun verb(function: KtNamedFunction, namespace: String): Verb =
        Verb(
            name = "$namespace.${function.name}",
            namespace = namespace,
            source = sources.path(function.containingKtFile),
            parameters = function.valueParameters.map(::parameter),
            returns = function.typeReference?.let { flat(it.text) },
            documentation = Documentation.of(function.docComment),
        )

    private fun parameter(parameter: KtParameter): Parameter {
        val name = checkNotNull(parameter.name)
        val vararg = if (parameter.isVarArg) "vararg " else ""
        val type = flat(checkNotNull(parameter.typeReference).text)
        return Parameter(name, "$vararg$name: $type", parameter.defaultValue?.let(defaults::of))
    }
}
