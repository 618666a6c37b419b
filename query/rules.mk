# The grammar of the filter language becomes C: the words' numbers, and what query/filter_read.c includes.
$(BUILD)/gen/query/grammar.c: query/grammar.y
	@mkdir -p $(@D)
	lemon -q -d$(@D) $<

$(foreach o,obj san/obj fuzz/obj,$(BUILD)/$(o)/query/filter_read.o $(BUILD)/$(o)/query/filter_words.o): \
	$(BUILD)/gen/query/grammar.c
