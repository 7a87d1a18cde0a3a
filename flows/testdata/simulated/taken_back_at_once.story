# stage:ana is told "The shop says it has already sent 0.00  back to you. Up to 72.50 USD can still be refunded." by case/81000009/0, with "  " in it
policy: "windows: {support_silence: buyer}"
order: 81000009 processing items=Rug=70 country=DE
Ana: cancel 81000009
Ana: My plans have changed.
Ana: yes
& shop: returns 81000009 2
shop: charge 81000009 reversed:72.50
