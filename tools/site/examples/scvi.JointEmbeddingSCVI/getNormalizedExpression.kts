// data: joint
model.getNormalizedExpression(librarySize = 1e4)
