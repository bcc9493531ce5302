package org.cellweave.verbs

import org.jetbrains.kotlin.psi.KtObjectDeclaration
import org.jetbrains.kotlin.psi.KtProperty
import org.jetbrains.kotlin.psi.KtTypeReference
import org.jetbrains.kotlin.psi.psiUtil.isPublic as isPublicDeclaration

/**
 * The objects that a public property leads to: `sc` of type `Cellweave`, its member `pp` of type `Preprocessing`, the
 * extension `val Cellweave.external: External`. So a namespace is declared once, where its object and its property
 * stand, and its path cannot differ from what users write.
 */
internal class Namespaces(private val sources: Sources) {
    /** Paths by object; of several that lead to one object the shortest below another. */
    val paths: Map<KtObjectDeclaration, String> = walked()

    /** The namespace that a function with this receiver belongs to; null for other types. */
    fun of(receiver: KtTypeReference): KtObjectDeclaration? = objectOf(receiver)?.takeIf { it in paths }

    /** The object that a type names, be it a namespace or not. */
    fun objectOf(type: KtTypeReference): KtObjectDeclaration? =
        type.candidates().firstNotNullOfOrNull { sources.objects[it] }

    private fun walked(): Map<KtObjectDeclaration, String> {
        val found = linkedMapOf<KtObjectDeclaration, String>()
        val open = ArrayDeque<Pair<KtObjectDeclaration, String>>()

        fun enter(property: KtProperty, prefix: String) {
            val target = property.typeReference?.let(::objectOf) ?: return
            if (!target.isPublicDeclaration || target in found || target.name == ABSENT) return
            found[target] = prefix + property.name
            open += target to found.getValue(target)
        }
        val visible = sources.properties.filter { it.isPublic() }
        // A second name of what stands under another one (`sce` of `sc.external`) is no path of its own.
        val below = visible.filter { it.receiverTypeReference != null }.mapNotNull { it.typeReference?.let(::objectOf) }
        val (second, first) = visible
            .filter { it.receiverTypeReference == null }
            .partition { it.typeReference?.let(::objectOf) in below }
        for (roots in listOf(first, second)) {
            roots.forEach { enter(it, "") }
            while (open.isNotEmpty()) {
                val (parent, path) = open.removeFirst()
                val members = parent.declarations.filterIsInstance<KtProperty>().filter { it.isPublic() }
                val added = visible.filter { it.receiverTypeReference?.let(::objectOf) == parent }
                (members + added).forEach { enter(it, "$path.") }
            }
        }
        return found
    }

    private companion object {
        /** What stands for names that the compiler refuses holds no verbs. */
        const val ABSENT = "Absent"
    }
}
