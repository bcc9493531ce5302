// data: labelled
model.getNormalizedExpression(librarySize = 1e4)
