// data: linear
model.getLikelihoodParameters().keys
