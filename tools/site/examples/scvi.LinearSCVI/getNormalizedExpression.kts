// data: linear
model.getNormalizedExpression(librarySize = 1e4)
