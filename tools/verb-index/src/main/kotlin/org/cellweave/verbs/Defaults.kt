package org.cellweave.verbs

import org.jetbrains.kotlin.psi.KtCallExpression
import org.jetbrains.kotlin.psi.KtConstantExpression
import org.jetbrains.kotlin.psi.KtExpression
import org.jetbrains.kotlin.psi.KtFile
import org.jetbrains.kotlin.psi.KtNameReferenceExpression
import org.jetbrains.kotlin.psi.KtParenthesizedExpression
import org.jetbrains.kotlin.psi.KtProperty
import org.jetbrains.kotlin.psi.KtQualifiedExpression
import org.jetbrains.kotlin.psi.KtSafeQualifiedExpression
import org.jetbrains.kotlin.psi.KtStringTemplateExpression
import java.lang.reflect.InvocationTargetException

/**
 * Turns the expressions of default arguments into values: `Leiden.Params.DEFAULTS.resolution()` is read from the
 * compiled record by reflection, a constant of the sources from the expression behind it. What is no constant (a call
 * such as `emptyList()`, another parameter) stays as it is written.
 */
internal class Defaults(private val sources: Sources, classes: ClassLoader) {
    private val compiled = CompiledClasses(sources, classes)

    fun of(expression: KtExpression): Default {
        val code = flat(expression.text).replace(" ?.", "?.").replace(" .", ".")
        return try {
            read(expression, code)
        } catch (_: NotConstant) {
            Default(code, code)
        } catch (e: ReflectiveOperationException) {
            val place = sources.path(expression.containingKtFile)
            throw IllegalArgumentException("$place: the default `$code` cannot be read: ${e.cause ?: e}", e)
        }
    }

    private fun read(expression: KtExpression, code: String): Default =
        try {
            Default(code, shown(Evaluation(emptyMap()).value(expression)))
        } catch (undecided: Undecided) {
            Default(code, code, choices(expression, undecided))
        }

    /** Entries for which the expression throws have no default. */
    private fun choices(expression: KtExpression, undecided: Undecided): Map<String, String> =
        buildMap {
            for (entry in undecided.entries) {
                try {
                    put(entry.name, shown(Evaluation(mapOf(undecided.setting to entry)).value(expression)))
                } catch (_: InvocationTargetException) {
                    continue
                }
            }
        }

    private fun shown(value: Any?): String =
        when (value) {
            is Literal -> value.text
            is String -> "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\""
            is Class<*> -> throw NotConstant()
            // Java's fixed maps have another order in every JVM, and a list must not.
            is Map<*, *> ->
                value.entries
                    .map { "$it" }
                    .sorted()
                    .joinToString(", ", "{", "}")
            else -> (listed(value) ?: value).toString()
        }

    private inner class Evaluation(private val chosen: Map<KtProperty, Enum<*>>) {
        fun value(expression: KtExpression): Any? =
            when (expression) {
                is KtParenthesizedExpression -> value(expression.expression ?: throw NotConstant())
                is KtConstantExpression, is KtStringTemplateExpression -> Literal(expression.text)
                is KtNameReferenceExpression -> named(expression.getReferencedName(), expression.containingKtFile)
                is KtQualifiedExpression -> member(expression)
                else -> throw NotConstant()
            }

        private fun named(name: String, file: KtFile): Any? {
            for (candidate in file.candidates(name)) {
                sources.property(candidate, file)?.let { return held(it) }
                compiled.constant(candidate)?.let { return it }
            }
            throw NotConstant()
        }

        private fun held(property: KtProperty): Any? {
            chosen[property]?.let { return it }
            property.initializer?.let { return value(it) }
            throw Undecided(property, compiled.entries(property) ?: throw NotConstant())
        }

        private fun member(expression: KtQualifiedExpression): Any? {
            val owner = value(expression.receiverExpression)
            if (owner == null && expression is KtSafeQualifiedExpression) return null
            return when (val selector = expression.selectorExpression) {
                is KtNameReferenceExpression -> compiled.property(owner, selector.getReferencedName())
                is KtCallExpression -> {
                    val name = selector.calleeExpression?.text.orEmpty()
                    compiled.call(owner, name, arguments(selector))
                }
                else -> throw NotConstant()
            }
        }

        private fun arguments(call: KtCallExpression): List<Any?> =
            call.valueArguments.map { argument ->
                when (val given = argument.getArgumentExpression()) {
                    // What stands in a template for a parameter keeps its name.
                    is KtStringTemplateExpression -> given.entries.joinToString("") { it.text }
                    null -> throw NotConstant()
                    else -> value(given).also { if (it is Literal) throw NotConstant() }
                }
            }
    }
}

/** A number, text or `null` as the source has it. */
internal class Literal(val text: String)

/** An expression that only a running program can evaluate. */
internal class NotConstant : Exception()

/** An expression that reads a setting, which may hold any of [entries]. */
internal class Undecided(
    @Transient val setting: KtProperty,
    @Transient val entries: List<Enum<*>>,
) : Exception()

/** Arrays as lists, which show what they hold; null for anything else. */
internal fun listed(value: Any?): List<Any?>? =
    when (value) {
        is DoubleArray -> value.toList()
        is FloatArray -> value.toList()
        is IntArray -> value.toList()
        is LongArray -> value.toList()
        is BooleanArray -> value.toList()
        is Array<*> -> value.toList()
        else -> null
    }
