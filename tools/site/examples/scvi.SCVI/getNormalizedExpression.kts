// data: trained
model.getNormalizedExpression(librarySize = 1e4)
