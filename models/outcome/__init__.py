"""The frozen rules that label a year from the ledger, and the signposts.

- `alterations` how a ledger might have come out otherwise: searched less deeply, thinned, read again, a point off
- `breakdown` a label taken apart: what every year and every act adds to the tone
- `candidates` the ways for an act to count among which `rule-2` was chosen, by robustness alone
- `constants` `OutcomeRule`: the constants that weigh acts, cut the tone and tell a break act, and their digest
- `ledger` the toned rows as arrays; many altered ledgers labelled at once
- `nesting` which signposts answer others, and which cannot both be yes
- `past_rows` the rows that a signpost's rule would have counted in the past, and each past year's answer
- `robustness` how many labels of history change under altered ledgers, other cuts and other rows
- `rule` the frozen rules, and the years labelled by them
- `signpost_identity` by what a signpost is known again
- `signpost_list` the signposts as `signposts.toml` asks them
- `signposts` the signposts answered from the evidence
- `words` a rule told in words, every number taken from the rule
- `year_mean` a year's own mean under the rule, and its three words against the tone at an origin
"""
