package org.cellweave.verbs

import org.jetbrains.kotlin.lexer.KtTokens
import org.jetbrains.kotlin.psi.KtClass
import org.jetbrains.kotlin.psi.KtNamedFunction
import org.jetbrains.kotlin.psi.KtObjectDeclaration
import org.jetbrains.kotlin.psi.KtTypeReference

/**
 * What namespaces make: where `scvi.SCVI(...)` is a verb of `scvi.SCVI` (its `operator fun invoke`) that gives a
 * `ScviModel`, the methods of that class belong to the namespace too, its own, those of the classes above it and the
 * extension functions on either.
 */
internal class Made(private val sources: Sources, namespaces: Namespaces) {
    /** Methods by the namespace that makes their object. */
    val methods: List<Method> =
        sources.functions
            .filter { it.isPublic() && it.name == "invoke" && it.hasModifier(KtTokens.OPERATOR_KEYWORD) }
            .mapNotNull { maker ->
                val namespace = maker.receiverTypeReference?.let(namespaces::of) ?: return@mapNotNull null
                maker.typeReference?.let(::classOf)?.let { namespace to it }
            }.distinct()
            .flatMap { (namespace, made) -> methodsOf(made).map { (of, f) -> Method(namespace, of, f) } }

    /**
     * @property namespace that makes the object
     * @property of the class that declares it, maybe one above that of the object
     */
    data class Method(val namespace: KtObjectDeclaration, val of: KtClass, val function: KtNamedFunction)

    private fun methodsOf(made: KtClass): List<Pair<KtClass, KtNamedFunction>> =
        generateSequence(made, ::above).toList().flatMap { declared ->
            val own = declared.declarations.filterIsInstance<KtNamedFunction>()
            val added = sources.functions.filter { it.receiverTypeReference?.let(::classOf) == declared }
            (own + added)
                .filter { it.isPublic() && !it.hasModifier(KtTokens.OVERRIDE_KEYWORD) }
                .map { declared to it }
        }

    private fun above(declared: KtClass): KtClass? =
        declared.superTypeListEntries.firstNotNullOfOrNull { entry -> entry.typeReference?.let(::classOf) }

    private fun classOf(type: KtTypeReference): KtClass? =
        type.candidates().firstNotNullOfOrNull { sources.classes[it] }
}
