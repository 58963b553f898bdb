"""Scripts and regions that a language tag may have.

Scripts are those of ISO 15924 without the codes for private use. Regions are the countries of ISO 3166-1 alpha-2,
Kosovo (XK), and the areas of UN M.49 that contain several countries. A language belongs to a region if, in CLDR 48,
it is official there, at least 5 % of the people speak it, or there is a locale for both.
"""

import re
from collections.abc import Mapping
from functools import cache

_PAIR = re.compile("..")

SCRIPTS = frozenset(
    """
    Adlm Afak Aghb Ahom Arab Aran Armi Armn Avst Bali Bamu Bass Batk Beng Bhks Blis Bopo Brah Brai Bugi Buhd Cakm
    Cans Cari Cham Cher Chrs Cirt Copt Cpmn Cprt Cyrl Cyrs Deva Diak Dogr Dsrt Dupl Egyd Egyh Egyp Elba Elym Ethi
    Gara Geok Geor Glag Gong Gonm Goth Gran Grek Gujr Gukh Guru Hanb Hang Hani Hano Hans Hant Hatr Hebr Hira Hluw
    Hmng Hmnp Hrkt Hung Inds Ital Jamo Java Jpan Jurc Kali Kana Kawi Khar Khmr Khoj Kits Knda Kore Kpel Krai Kthi
    Lana Laoo Latf Latg Latn Lepc Limb Lina Linb Lisu Loma Lyci Lydi Mahj Maka Mand Mani Marc Maya Medf Mend Merc
    Mero Mlym Modi Mong Moon Mroo Mtei Mult Mymr Nagm Nand Narb Nbat Newa Nkgb Nkoo Nshu Ogam Olck Onao Orkh Orya
    Osge Osma Ougr Palm Pauc Perm Phag Phli Phlp Phlv Phnx Plrd Prti Rjng Rohg Roro Runr Samr Sara Sarb Saur Sgnw
    Shaw Shrd Sidd Sind Sinh Sogd Sogo Sora Soyo Sund Sunu Sylo Syrc Syre Syrj Syrn Tagb Takr Tale Talu Taml Tang
    Tavt Telu Teng Tfng Tglg Thaa Thai Tibt Tirh Tnsa Todr Toto Tutg Ugar Vaii Visp Vith Wara Wcho Wole Xpeo Xsux
    Yezi Yiii Zanb Zinh Zmth Zsye Zsym Zxxx Zyyy Zzzz
    """.split()
)

REGIONS = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    001 002 003 005 009 011 013 014 015 017 018 019 021 029 030 034 035 039 053 054 057 061 142 143 145 150 151 154
    155 202 419
    """.split()
)

_REGIONS_BY_LANGUAGE = """
    aa:DJER ab:GE af:NAZA ak:GH am:ET apc:ILJOLBPSSYTR ar:AEBHDJDZEGEHERILIQJOKMKWLBLYMAMROMPSQASASDSOSSSYTDTNYE
    arz:EG as:IN ast:ES av:RU ay:BO az:AZIQIRRUTR ba:RU bar:ATDE be:BY bem:ZM bg:BGMD bho:MUNP bi:VU bm:ML bn:BDIN
    bo:CNIN br:FR bs:BA ca:ADESFRIT ce:RU ceb:PH ch:GUMP ckb:IQIR co:FR cs:CZSK csb:PL cy:GB da:DKGL
    de:ATBEBGCHCZDEDKFIFRGBGRHUITKZLILTLUNLPLSISK dv:MV dz:BT ee:GHTG el:CYGR
    es:ADARBOBRBZCLCOCRCUDEDOEAECESFRGBGIGQGTHNICMXNIPAPEPHPRPTPYROSVSXUSUYVE et:EE eu:ESFR fa:AFIRQA
    ff:BFCMGHGMGNGWLRMRNENGSLSN fi:EEFISE fj:FJ fo:DKFO
    fr:ADATBEBFBIBJBLCACDCFCGCHCICMCYDEDJDZFRGAGBGFGNGPGQGRGWHTIEITKMLBLUMAMCMFMGMLMQMRMTMUNCNENLPFPMPTRERORWSCSNSTSYTDTFTGTNVUWFYT
    fy:NL ga:GBIE gd:GB gl:ES gn:PY gsw:CHFRLI gu:IN gv:IM ha:GHNENGSD haw:US he:IL hi:FJIN hil:PH ho:PG
    hr:ATBAHRRSSI ht:HT hu:ATHURORSSK hy:AMGELB hz:NA id:ID ig:NG ilo:PH is:IS it:ATCHDEHRITMTSMVA iu:CA ja:JP jv:ID
    ka:GE kab:DZ kam:KE kea:CV kg:CD ki:KE kj:NA kk:KZMN kl:DKGL kln:KE km:KH kn:IN ko:CNKPKR kok:IN ks:IN ku:SYTR
    kv:RU ky:KG la:VA lb:LU lg:UG li:NL lmo:IT ln:AOCDCFCG lo:LA lt:LTPL ltg:LV luo:KE luy:KE lv:LV mai:INNP mdf:RU
    mfe:MU mg:MG mh:MH mi:NZ mk:MK ml:AEIN mn:CNMN mr:IN ms:BNCCIDMYSG mt:MT my:MM myv:RU mzn:IR na:NR nd:ZW
    nds:DENL ne:BTINNP ng:NA nl:AWBEBQCWDENLSRSX no:BVNOSJ nqo:GN nr:ZA nso:ZA ny:MWZM nyn:UG oc:ESFR om:ETKE or:IN
    os:GERU pa:INPK pap:AWBQCW pcm:NG pis:SB pl:PL ps:AFPK pt:AOBRCHCVGQGWLUMOMZPTSTTL qu:BOECPE quc:GT rm:CH rn:BI
    ro:MDRORS ru:BGBYDEEEGEILKGKZLTLVMDPLRUSJTJTMUAUZ rw:RW sa:IN sah:RU sat:IN sd:INPK se:FINOSE sg:CF shi:MA
    shn:MMTH si:LK sk:CZRSSK skr:PK sl:ATSI sm:ASTKWS sn:ZW so:DJETKESO sq:ALMEMKRSXK sr:BAMERSXK ss:SZZA st:LSZA
    su:ID sv:AXDKFISE sw:CDKETZUG ta:INLKMYRESG te:IN tet:TL tg:TJ th:TH ti:ERET tk:AFTM tl:PH tn:BWZA to:TO tpi:PG
    tr:BGCYTR ts:MZZA tt:RU ty:PF tyv:RU tzm:MA udm:RU ug:CN uk:MDRSUA ur:INMUPK uz:AFTMUZ ve:ZA vec:BRHRITSI vi:VN
    wa:BE war:PH wo:SN xh:ZA yo:BJNG yue:CNHKMO za:CN zgh:MA zh:BNCNHKMOMYPFSGTW zu:LSSZZA
"""


@cache
def regions_by_language() -> Mapping[str, frozenset[str]]:
    """Return the regions of each language; English is spoken in every region and is not in the table."""
    rows = (row.partition(":") for row in _REGIONS_BY_LANGUAGE.split())
    return {language: frozenset(_PAIR.findall(regions)) for language, _, regions in rows}
