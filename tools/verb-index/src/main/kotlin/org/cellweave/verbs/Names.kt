package org.cellweave.verbs

import org.jetbrains.kotlin.lexer.KtTokens
import org.jetbrains.kotlin.psi.KtFile
import org.jetbrains.kotlin.psi.KtModifierListOwner
import org.jetbrains.kotlin.psi.KtTypeReference

/** Qualified names that [simple] may stand for in this file, those that Kotlin prefers first. */
internal fun KtFile.candidates(simple: String): List<String> {
    val (open, named) = importDirectives.partition { it.isAllUnder }
    val imported = named.filter { it.importedName?.asString() == simple }.mapNotNull { it.importedFqName?.asString() }
    val around = open.mapNotNull { it.importedFqName?.asString() }.map { "$it.$simple" }
    val own = packageFqName.asString().let { if (it.isEmpty()) simple else "$it.$simple" }
    return imported + own + around
}

/** Qualified names that a type may stand for, its arguments left out; its first word decides. */
internal fun KtTypeReference.candidates(): List<String> {
    val (first, rest) = text.removeSuffix("?").substringBefore('<').split('.', limit = 2).let {
        it[0] to
            it.drop(1).joinToString("")
    }
    return containingKtFile.candidates(first).map { if (rest.isEmpty()) it else "$it.$rest" } + text
}

internal fun KtModifierListOwner.isPublic(): Boolean = HIDDEN.none(::hasModifier)

internal fun KtModifierListOwner.isPrivate(): Boolean = hasModifier(KtTokens.PRIVATE_KEYWORD)

private val HIDDEN = listOf(KtTokens.PRIVATE_KEYWORD, KtTokens.INTERNAL_KEYWORD, KtTokens.PROTECTED_KEYWORD)

/** Source text in one line. */
internal fun flat(text: String): String = text.trim().replace(Regex("\\s+"), " ")
