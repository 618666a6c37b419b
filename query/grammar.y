/* The grammar of the filter language, for lemon. What a word means stands in query/filter_field.c;
 * which words are values is decided in query/filter_read.c.
 *
 * `and` and `or` never stand side by side at one level: tcpdump and nfdump read that differently. */
%name filter_grammar
%token_prefix TOKEN_
%token_type {struct filter_token}
%extra_argument {struct reading *r}
%default_type {struct filter_node *}
%type side {enum filter_side}
%syntax_error { reading_unexpected(r, yymajor); }
%stack_overflow { reading_fail(r, r->tokens[r->at].at, "nested too deep"); }

filter ::= expression(E). { r->root = E; }

expression(A) ::= term(B). { A = B; }
expression(A) ::= ands(B). { A = B; }
expression(A) ::= ors(B). { A = B; }
ands(A) ::= term(B) AND term(C). { A = node_join(r, NODE_AND, B, C); }
ands(A) ::= ands(B) AND term(C). { A = node_join(r, NODE_AND, B, C); }
ors(A) ::= term(B) OR term(C). { A = node_join(r, NODE_OR, B, C); }
ors(A) ::= ors(B) OR term(C). { A = node_join(r, NODE_OR, B, C); }

term(A) ::= NOT term(B). { A = node_join(r, NODE_NOT, B, NULL); }
term(A) ::= OPEN expression(B) CLOSE. { A = B; }
term(A) ::= FLAG(F). { A = node_flag(r, F); }
term(A) ::= ANY. { A = node_join(r, NODE_ANY, NULL, NULL); }
term(A) ::= SIDE ANY. { A = node_join(r, NODE_ANY, NULL, NULL); }
term(A) ::= FIELD(F) VALUES(V). { A = node_test(r, SIDE_ANY, F, NULL, V); }
term(A) ::= FIELD(F) COMPARE(C) VALUES(V). { A = node_test(r, SIDE_ANY, F, &C, V); }
term(A) ::= FIELD(F) KNOWN(K). { A = node_known(r, SIDE_ANY, F, K); }
term(A) ::= side(S) FIELD(F) VALUES(V). { A = node_test(r, S, F, NULL, V); }
term(A) ::= side(S) FIELD(F) COMPARE(C) VALUES(V). { A = node_test(r, S, F, &C, V); }
term(A) ::= side(S) FIELD(F) KNOWN(K). { A = node_known(r, S, F, K); }
term(A) ::= SIDE(S) NAT(N) KNOWN(K). { N.id = FIELD_HOST; A = node_known(r, reading_nat(r, S, N), N, K); }
term(A) ::= NAT(N) KNOWN(K). { N.id = FIELD_HOST; A = node_known(r, SIDE_NAT, N, K); }

side(A) ::= SIDE(S). { A = (enum filter_side)S.id; }
side(A) ::= NAT. { A = SIDE_NAT; }
side(A) ::= SIDE(S) NAT(N). { A = reading_nat(r, S, N); }
