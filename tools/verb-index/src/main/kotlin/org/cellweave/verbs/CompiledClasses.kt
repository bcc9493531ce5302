package org.cellweave.verbs

import org.jetbrains.kotlin.psi.KtFile
import org.jetbrains.kotlin.psi.KtNamedFunction
import org.jetbrains.kotlin.psi.KtProperty
import java.lang.reflect.Method
import java.lang.reflect.Modifier

/** Values out of compiled classes, by the names that the sources use. */
internal class CompiledClasses(private val sources: Sources, private val loader: ClassLoader) {
    /** A class, or what a static field holds; null when the name is neither. */
    fun constant(qualified: String): Any? =
        type(qualified)
            ?: type(qualified.substringBeforeLast('.', ""))?.let { static(it, qualified.substringAfterLast('.')) }

    /** The values that a property with an enum's type can have; null for other types. */
    fun entries(property: KtProperty): List<Enum<*>>? =
        property.typeReference
            ?.candidates()
            ?.firstNotNullOfOrNull(::type)
            ?.enumConstants
            ?.filterIsInstance<Enum<*>>()
            ?.ifEmpty { null }

    fun property(owner: Any?, name: String): Any? {
        if (owner is Class<*>) {
            return static(owner, name) ?: type("${owner.name}.$name")
                ?: throw NoSuchFieldException("$owner has no $name")
        }
        val getter = "get" + name.replaceFirstChar(Char::uppercase)
        return invoked(owner, getter, emptyList()) { throw NotConstant() }
    }

    fun call(owner: Any?, name: String, arguments: List<Any?>): Any? =
        invoked(owner, name, arguments) {
            val items = if (name == "toList") listed(owner) else null
            items ?: extended(owner, name, arguments)
        }

    /** By the record's own method; [otherwise] when it has none of the name. */
    private fun invoked(owner: Any?, name: String, arguments: List<Any?>, otherwise: () -> Any?): Any? {
        if (owner is Literal) throw NotConstant()
        val found = owner?.javaClass?.methods?.firstOrNull {
            it.name == name && it.parameterCount == arguments.size && !Modifier.isStatic(it.modifiers)
        }
        return if (found == null) otherwise() else opened(found).invoke(owner, *arguments.toTypedArray())
    }

    /** Calls an extension function of the sources, such as `spelled()` of an enum. */
    private fun extended(owner: Any?, name: String, arguments: List<Any?>): Any? {
        val function = sources.functions.firstOrNull {
            it.name == name && it.receiverTypeReference != null && it.valueParameters.size == arguments.size
        } ?: throw NotConstant()
        return opened(facadeMethod(function)).invoke(null, owner, *arguments.toTypedArray())
    }

    private fun facadeMethod(function: KtNamedFunction): Method {
        val facade = facade(function.containingKtFile)
        return type(facade)?.declaredMethods?.firstOrNull {
            it.name == function.name && it.parameterCount == function.valueParameters.size + 1
        } ?: throw NoSuchMethodException("$facade has no ${function.name}")
    }

    /** The class that holds what stands outside of classes in a file. */
    private fun facade(file: KtFile): String {
        val named = file.fileAnnotationList
            ?.annotationEntries
            ?.firstOrNull { it.shortName?.asString() == "JvmName" }
            ?.valueArguments
            ?.firstOrNull()
            ?.getArgumentExpression()
            ?.text
            ?.trim('"')
        val name = named ?: (file.name.removeSuffix(".kt").replaceFirstChar(Char::uppercase) + "Kt")
        return listOf(file.packageFqName.asString(), name).filter { it.isNotEmpty() }.joinToString(".")
    }

    private fun static(owner: Class<*>, field: String): Any? =
        owner.declaredFields
            .firstOrNull { it.name == field && Modifier.isStatic(it.modifiers) && Modifier.isPublic(it.modifiers) }
            ?.also { it.trySetAccessible() }
            ?.get(null)

    private fun opened(method: Method): Method = method.also { it.trySetAccessible() }

    /** `a.b.Leiden.Params` is the class `a.b.Leiden$Params`. */
    private fun type(qualified: String): Class<*>? {
        var name = qualified
        while (name.isNotEmpty()) {
            try {
                return Class.forName(name, true, loader)
            } catch (_: ClassNotFoundException) {
                val outer = name.substringBeforeLast('.', "")
                if (outer.substringAfterLast('.').firstOrNull()?.isUpperCase() != true) return null
                name = outer + "$" + name.substringAfterLast('.')
            }
        }
        return null
    }
}
