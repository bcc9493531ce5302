package org.cellweave.verbs

import org.jetbrains.kotlin.com.intellij.psi.PsiClass
import org.jetbrains.kotlin.com.intellij.psi.PsiMethod
import org.jetbrains.kotlin.com.intellij.psi.PsiModifier
import org.jetbrains.kotlin.com.intellij.psi.javadoc.PsiDocComment
import org.jetbrains.kotlin.com.intellij.psi.javadoc.PsiDocTag

/** Public methods of Java classes as Kotlin calls them, with their Javadoc: `getObs()` is the property `obs`. */
internal object JavaMembers {
    fun of(classes: Map<PsiClass, String>): List<Verb> =
        classes.flatMap { (type, path) ->
            type.methods.filter { isOffered(it, type) }.map { member(it, checkNotNull(type.name), path) }
        }

    /** Methods of objects; those that write a property, which its getter stands for, are left out. */
    private fun isOffered(method: PsiMethod, type: PsiClass): Boolean {
        val isPublic = type.isInterface || method.hasModifierProperty(PsiModifier.PUBLIC)
        val isWriter = method.name.matches(SETTER) && method.parameterList.parametersCount == 1 &&
            type.methods.any { it.name == "get" + method.name.drop(3) }
        return isPublic && !method.isConstructor && !method.hasModifierProperty(PsiModifier.STATIC) && !isWriter &&
            (method.docComment != null || !isOverriding(method))
    }

    /** By its text: what a name stands for is not looked up, for which the JDK would be needed. */
    private fun isOverriding(method: PsiMethod): Boolean =
        method.modifierList.annotations.any { it.nameReferenceElement?.text == "Override" }

    private fun member(method: PsiMethod, of: String, path: String): Verb {
        val isProperty = method.name.matches(GETTER) && method.parameterList.parametersCount == 0
        val name = if (isProperty) property(method.name) else method.name
        return Verb(
            name = "$of.$name",
            namespace = of,
            source = path,
            parameters = method.parameterList.parameters.map { parameter ->
                val type = kotlinType(parameter.typeElement?.text.orEmpty())
                Parameter(parameter.name, "${parameter.name}: $type", null)
            },
            returns = kotlinType(method.returnTypeElement?.text ?: "void").takeIf { it != "Unit" },
            documentation = documentation(method.docComment),
            isProperty = isProperty,
        )
    }

    /** `getNObs` is `nObs`, `isBacked` stays. */
    private fun property(getter: String): String {
        if (!getter.startsWith("get")) return getter
        val name = getter.removePrefix("get")
        val capitals = name.takeWhile(Char::isUpperCase).length
        val small = if (capitals in 2 until name.length) capitals - 1 else maxOf(capitals, 1)
        return name.take(small).lowercase() + name.drop(small)
    }

    private fun kotlinType(java: String): String =
        java
            .replace(Regex("\\b(byte|short|int|long|float|double|boolean|char)\\[]")) {
                capital(it.groupValues[1]) +
                    "Array"
            }.replace(Regex("([\\w.]+)\\[]"), "Array<$1>")
            .replace(Regex("\\b(byte|short|int|long|float|double|boolean|char)\\b")) { capital(it.value) }
            .replace(Regex("\\bInteger\\b"), "Int")
            .replace(Regex("\\bObject\\b"), "Any")
            .replace(Regex("\\bvoid\\b"), "Unit")
            .replace(Regex("\\? extends "), "out ")
            .replace("...", "")

    private fun capital(word: String) = word.replaceFirstChar(Char::uppercase)

    private fun documentation(comment: PsiDocComment?): Documentation =
        Documentation.of(
            text = paragraphs(comment?.descriptionElements.orEmpty().joinToString("") { it.text }),
            arguments = tags(comment, "param").associate { tag ->
                tag.valueElement?.text.orEmpty() to said(tag, isNamed = true)
            },
            returns = tags(comment, "return").joinToString(" ") { said(it, isNamed = false) },
            throws = tags(comment, "throws").map { "${it.valueElement?.text.orEmpty()}: ${said(it, isNamed = true)}" },
        )

    private fun tags(comment: PsiDocComment?, name: String): List<PsiDocTag> =
        comment?.tags.orEmpty().filter { it.name == name }

    /** What stands behind a tag and, for `@param` and `@throws`, behind the name. */
    private fun said(tag: PsiDocTag, isNamed: Boolean): String {
        val all = tag.text.removePrefix("@${tag.name}").trimStart()
        return paragraphs(if (isNamed) all.removePrefix(tag.valueElement?.text.orEmpty()) else all)
    }

    private fun paragraphs(text: String): String =
        text
            .replace(Regex("\\n\\s*\\*"), "\n")
            .replace(Regex("\\{@(?:code|link|linkplain)\\s+#?([^}]*)}")) { "`${it.groupValues[1].replace('#', '.')}`" }
            .split(Regex("<p>|<pre>|</pre>"))
            .map { it.replace(Regex("</?[a-z]+>"), "").replace(Regex("\\s+"), " ").trim() }
            .filter(String::isNotEmpty)
            .joinToString("\n\n")

    private val GETTER = Regex("get[A-Z].*|is[A-Z].*")
    private val SETTER = Regex("set[A-Z].*")
}
