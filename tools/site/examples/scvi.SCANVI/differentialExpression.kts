// data: labelled
model.differentialExpression(groupby = "cell_type", group1 = "type_0", group2 = "type_1", mode = "change").head()
