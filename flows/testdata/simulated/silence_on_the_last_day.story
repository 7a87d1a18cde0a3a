# nothing: silence decided on the sixtieth day, and the simulation did not give the shop its time after it
policy: "windows: {support_silence: buyer}"
slow: Lumen
order: 81000001 processing
Ana: cancel 81000001
Ana: My plans have changed.
Ana: yes
clock: +25h
