package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.io.format.Excel
import org.cellweave.util.FilePath

/**
 * Reads numbers from a sheet of an `.xlsx` file, names of the genes in its first row and of the cells in its first
 * column. See [Excel].
 *
 * @param sheet its name, or its number from 0
 */
public fun Cellweave.readExcel(path: String, sheet: Any): AnnData = sheetOf(path, sheet).warnOfRepeatedNames()

internal fun sheetOf(path: String, sheet: Any): AnnData =
    when (sheet) {
        is Int -> Excel.read(FilePath.of(path), sheet)
        is String -> Excel.read(FilePath.of(path), sheet)
        else -> throw IllegalArgumentException("sheet must be a name or a number from 0, got $sheet")
    }
