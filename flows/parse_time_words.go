package flows

import "strings"

// timeWords are the words of times in the other languages beside the English ones they mean: days, months, parts of the day and
// units, longer phrases before the words in them. A time that cannot be read as English is read with each list in turn.
var timeWords = []*strings.Replacer{
	spaced("pasado mañana", "in 2 days", "mañana por la mañana", "tomorrow morning", "mañana por la tarde", "tomorrow afternoon",
		"esta tarde", "this afternoon", "esta mañana", "this morning", "esta noche", "this evening", "por la mañana", "morning",
		"por la tarde", "afternoon", "por la noche", "evening", "mañana", "tomorrow", "manana", "tomorrow", "hoy", "today",
		"mediodía", "noon", "lunes", "monday", "martes", "tuesday", "miércoles", "wednesday", "miercoles", "wednesday", "jueves",
		"thursday", "viernes", "friday", "sábado", "saturday", "sabado", "saturday", "domingo", "sunday", "enero", "january",
		"febrero", "february", "marzo", "march", "abril", "april",
		"mayo", "may", "junio", "june", "julio", "july", "agosto", "august",
		"septiembre", "september", "octubre", "october",
		"noviembre", "november", "diciembre", "december", "dentro de", "in", "en",
		"in", "una", "a", "un", "a", "hora", "hour", "horas",
		"hours", "minutos", "minutes", "días", "days", "dias", "days", "día", "day",
		"semana", "week", "semanas", "weeks", "próximo", "next", "el", "", "a las", "", "de", "", "y", ""),
	spaced("depois de amanhã", "in 2 days", "amanhã de manhã", "tomorrow morning", "amanhã à tarde", "tomorrow afternoon",
		"hoje à tarde", "this afternoon", "hoje à noite", "this evening", "de manhã", "morning", "à tarde", "afternoon",
		"à noite", "evening", "amanhã", "tomorrow", "amanha", "tomorrow", "hoje", "today", "meio-dia", "noon", "segunda-feira",
		"monday", "terça-feira", "tuesday", "quarta-feira",
		"wednesday", "quinta-feira", "thursday", "sexta-feira", "friday", "segunda",
		"monday", "terça", "tuesday", "quarta", "wednesday", "quinta", "thursday", "sexta", "friday", "sábado", "saturday",
		"domingo", "sunday", "janeiro", "january", "fevereiro", "february",
		"março", "march", "abril", "april", "maio", "may", "junho",
		"june", "julho", "july", "agosto", "august", "setembro",
		"september", "outubro", "october", "novembro", "november", "dezembro",
		"december", "daqui a", "in", "em", "in", "uma", "a", "um",
		"a", "hora", "hour", "horas", "hours", "minutos", "minutes", "dias",
		"days", "dia", "day", "semana", "week", "semanas", "weeks", "próxima", "next", "na", "", "no", "", "às", "", "de", ""),
	spaced("après-demain", "in 2 days", "demain matin", "tomorrow morning", "demain après-midi", "tomorrow afternoon",
		"cet après-midi", "this afternoon", "ce matin", "this morning", "ce soir", "this evening", "matin", "morning",
		"après-midi", "afternoon", "soir", "evening",
		"demain", "tomorrow", "aujourd'hui", "today", "aujourd’hui", "today", "midi",
		"noon", "lundi", "monday", "mardi", "tuesday", "mercredi",
		"wednesday", "jeudi", "thursday", "vendredi", "friday", "samedi",
		"saturday", "dimanche", "sunday", "janvier", "january", "février",
		"february", "fevrier", "february", "mars", "march", "avril",
		"april", "mai", "may", "juin", "june", "juillet",
		"july", "août", "august", "aout", "august", "septembre", "september", "octobre",
		"october", "novembre", "november", "décembre", "december", "dans", "in", "une", "a", "un", "a", "heure",
		"hour", "heures", "hours", "minutes", "minutes", "jours", "days", "jour", "day", "semaine", "week", "semaines", "weeks",
		"prochain", "", "le", "", "à", ""),
	spaced("übermorgen", "in 2 days", "morgen früh", "tomorrow morning", "morgen nachmittag", "tomorrow afternoon",
		"heute nachmittag", "this afternoon", "heute abend", "this evening",
		"nachmittag", "afternoon", "abend", "evening", "früh",
		"morning", "vormittag", "morning", "morgen", "tomorrow", "heute",
		"today", "mittag", "noon", "montag", "monday", "dienstag",
		"tuesday", "mittwoch", "wednesday", "donnerstag", "thursday", "freitag", "friday", "samstag", "saturday", "sonnabend",
		"saturday", "sonntag", "sunday", "januar", "january", "februar",
		"february", "märz", "march", "mai", "may", "juni", "june",
		"juli", "july", "oktober", "october", "dezember", "december",
		"in", "in", "einer", "a", "einem", "a", "stunde", "hour", "stunden",
		"hours", "minuten", "minutes", "tagen", "days", "tage",
		"days", "tag", "day", "woche", "week", "wochen", "weeks", "nächsten",
		"next", "am", "", "um", "", "uhr", ""),
	spaced("послезавтра", "in 2 days", "завтра утром", "tomorrow morning", "завтра днём", "tomorrow afternoon", "сегодня днём",
		"this afternoon", "сегодня вечером", "this evening", "утром",
		"morning", "днём", "afternoon", "днем", "afternoon", "вечером",
		"evening", "завтра", "tomorrow", "сегодня", "today", "полдень", "noon", "понедельник", "monday", "вторник", "tuesday",
		"среду", "wednesday", "среда", "wednesday", "четверг", "thursday", "пятницу", "friday", "пятница", "friday", "субботу",
		"saturday", "суббота", "saturday", "воскресенье", "sunday", "января", "january", "февраля", "february", "марта", "march",
		"апреля", "april", "мая", "may", "июня", "june", "июля", "july", "августа", "august", "сентября", "september", "октября",
		"october", "ноября", "november", "декабря", "december", "через", "in", "час", "a hour", "часа", "hours", "часов", "hours",
		"минут", "minutes", "минуты", "minutes", "дня", "days",
		"дней", "days", "день", "a day", "неделю", "a week", "недели", "weeks",
		"в", "", "во", ""),
	spaced("بعد غد", "in 2 days", "صباح الغد", "tomorrow morning", "غدا صباحا", "tomorrow morning", "بعد الظهر", "afternoon",
		"صباحا", "morning", "صباحًا", "morning", "مساء", "evening", "مساءً", "evening", "غدا", "tomorrow", "غدًا", "tomorrow",
		"بكرة", "tomorrow", "بكرا", "tomorrow", "اليوم", "today", "الظهر", "noon", "الاثنين", "monday", "الإثنين", "monday",
		"الثلاثاء", "tuesday", "الأربعاء", "wednesday",
		"الاربعاء", "wednesday", "الخميس", "thursday", "الجمعة", "friday", "السبت",
		"saturday", "الأحد", "sunday", "الاحد", "sunday", "يناير",
		"january", "فبراير", "february", "مارس", "march", "أبريل", "april",
		"مايو", "may", "يونيو", "june", "يوليو", "july", "أغسطس", "august", "سبتمبر", "september", "أكتوبر", "october", "نوفمبر",
		"november", "ديسمبر", "december", "بعد ساعة",
		"a hour", "بعد ساعتين", "2 hours", "بعد يومين", "2 days", "بعد أسبوع", "a week",
		"بعد", "in", "خلال", "in", "ساعات", "hours", "ساعة", "hours",
		"دقيقة", "minutes", "أيام", "days", "يوم", "", "الساعة", ""),
	strings.NewReplacer("后天", " in 2 days ", "後天", " in 2 days ", "明天上午", " tomorrow morning ", "明天下午", " tomorrow afternoon ",
		"今天下午", " this afternoon ", "今晚", " this evening ", "上午", " ", "下午", " afternoon ", "明早", " tomorrow morning ",
		"明天", " tomorrow ", "今天", " today ", "中午", " noon ", "下周一", " monday ", "下周二", " tuesday ", "下周三", " wednesday ",
		"下周四", " thursday ", "下周五", " friday ", "下周六", " saturday ", "下周日", " sunday ", "周一", " monday ", "周二",
		" tuesday ", "周三", " wednesday ", "周四", " thursday ", "周五", " friday ", "周六", " saturday ", "周日", " sunday ", "周天",
		" sunday ", "星期一", " monday ", "星期二", " tuesday ", "星期三", " wednesday ", "星期四", " thursday ", "星期五", " friday ",
		"星期六", " saturday ", "星期日", " sunday ", "星期天", " sunday ", "10月", " october ", "11月", " november ", "12月",
		" december ", "1月", " january ", "2月", " february ", "3月", " march ", "4月", " april ", "5月", " may ", "6月", " june ",
		"7月", " july ", "8月", " august ", "9月", " september ", "日", " ", "号", " ", "小时后", " hours ", "个小时后", " hours ",
		"分钟后", " minutes ", "天后", " days ", "周后", " weeks ", "：", ":", "点", ":00 ", "，", " "),
}

// spaced replaces whole words, each between two spaces.
func spaced(pairs ...string) *strings.Replacer {
	all := make([]string, 0, len(pairs))
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, " "+strings.ReplaceAll(pairs[i], " ", "  ")+" ", " "+pairs[i+1]+" ")
	}
	return strings.NewReplacer(all...)
}

// asEnglish gives the ways a time can be read: as it stands, and with the words of each other language put into English.
func asEnglish(text string) []string {
	all := []string{text}
	doubled := " " + strings.ReplaceAll(text, " ", "  ") + " " // so that two words beside each other are both replaced
	for _, words := range timeWords {
		if english := strings.Join(strings.Fields(words.Replace(doubled)), " "); english != text {
			all = append(all, english)
		}
	}
	return all
}
