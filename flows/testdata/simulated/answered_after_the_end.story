# thread/81000011 stands at  and waits for nothing
policy: "second_person_above: \"10.00 USD\""
order: 81000011 delivered items=Rug=60 sent=400h came=240h
Ana: 81000011
Ana: [Write to the seller]
Ana: Is that all there is?
clock: +3d
Lumen: [Answer]
clock: next
Lumen: It is packed.
