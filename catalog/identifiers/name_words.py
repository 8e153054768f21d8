"""Words beside which a name stands, and words that only look like one.

Made by hand from Japanese clinical writing (charts, referral letters, theses, tables); none is copied
from a list of somebody else's. A word is added here when a sentence of a test corpus needs it.
"""

import re


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


STRONG_TITLES = ("さん", "さま", "様", "氏", "先生", "殿", "ちゃん", "くん", "君")
"""What follows a person's name and hardly anything else."""

JOB_TITLES = (
    "医師", "医員", "研修医", "専攻医", "主治医", "教授", "准教授", "助教", "講師", "部長", "医長", "院長", "副院長", "師長", "主任",
    "看護師", "保健師", "助産師", "薬剤師", "技師", "療法士", "栄養士", "係長", "課長", "社長", "所長", "理事長", "会長", "主任研究者",
    "夫妻", "夫人", "ケアマネ", "ケアマネジャー", "ケアマネージャー", "相談員", "Dr", "DR", "Ns", "NS", "PT", "OT", "ST", "MSW",
    "医学博士", "拝", "記", "筆", "理学療法士", "作業療法士", "言語聴覚士", "臨床工学技士", "臨床検査技師", "診療放射線技師", "放射線技師", "検査技師",
    "技士", "管理栄養士", "社会福祉士", "精神保健福祉士", "介護福祉士", "公認心理師", "臨床心理士", "心理士", "視能訓練士", "歯科医師", "歯科衛生士",
    "准看護師", "診療情報管理士", "事務長", "科長", "センター長", "研究員", "研究医", "秘書", "助手", "コーディネーター", "ドクター", "女史", "学長", "総長",
    "Dr.", "RN", "MD", "ME", "CRC",
)  # fmt: skip
"""Jobs and marks that follow a name, but stand after other words as well."""

NOT_BEFORE_TITLE = _listed(
    "カイ二乗 諸 某 摂 華 源 平 彼 同 諸先生 坊や 赤 坊 王 兄 姉 叔父 叔母 姪 甥 孫 爺 婆 神 仏 旦那 若 山羊 熊 兎 猫 犬 "
    "患者 家族 本人 皆 皆々 何 誰 奥 嫁 婿 孫 子 娘 息子 母 父 兄 姉 弟 妹 祖父 祖母 叔父 叔母 伯父 伯母 爺 婆 神 仏 王 姫 客 主人 旦那 "
    "主 各 両 同 当 本 前 元 新 現 旧 故 副 名誉 総 全 専 男 女 男性 女性 担当 主治 外科 内科 担任 校長 校 園 会長 社長 院長 教授 医師 "
    "看護師 薬剤師 技師 職員 業者 店員 隊員 学生 生徒 児童 助 准 部 課 係 科 医 教 講 常勤 非常勤 当直 日直 上級 下級 若手 先輩 後輩 "
    "大 小 中 高 多 少 上 下 左 右 東西 南北 受付 事務 病棟 外来 救急 麻酔 執刀 産業 学校 嘱託 家庭 開業 専門 指導 認定 登録 勤務 "
    "お母 お父 お子 お客 お嬢 お坊 坊 嬢 御 お 患者様 ご家族 赤 仲間 大家 隣 近所 ヘルパー スタッフ ナース ケアマネ ボランティア ドクター "
    "モデル パート ドナー レシピエント ママ パパ ベビー キッズ ホスト ペット 皆様 貴 御中 各位 宛 王子 お医者 医者 お巡り ごくろう おつかれ おまち おきのどく ごちそう おじい おばあ おじ おば おとう おかあ おにい おねえ みな みんな たく あか おく むすこ むすめ よめ むこ まご かみ ほとけ おう ひめ どなた だれ ひと こ お保健 保健 栄養 介護 助産 歯科 臨床 理学 作業 言語 臨床工学 診療放射線 臨床検査 社会福祉 精神保健福祉"
)

LABELS = (
    "記載", "記録", "対応", "撮影", "手術者", "代診", "演者", "発表者", "座長", "共同演者", "司会", "回答者", "申請者", "登録者", "依頼者", "依頼医", "受持", "受持医", "当直", "当直医",
    "当直者", "来院者", "面会者", "署名欄", "氏名欄", "ご芳名", "芳名", "患者様氏名", "御氏名", "ご氏名", "氏名(ローマ字)", "氏名ローマ字", "presenter", "speaker", "signed by", "recorded by",
    "approved by", "performing physician", "referring physician", "pt_name", "ptname", "physician name", "doctor name", "from", "to", "cc",
    "承認", "承認者", "検印", "確認者", "確認", "起案", "照査", "記", "以上", "立案", "監査", "作図", "作表", "集計", "入力", "執筆", "通訳", "面談者", "来訪者", "付添", "付添人", "同席者",
    "患者氏名", "患者名", "患者さん", "患者様", "受診者名", "受診者氏名", "受診者", "被験者名", "被験者氏名", "対象者氏名", "氏名", "氏  名", "姓名", "お名前", "名前", "なまえ",
    "フリガナ", "ふりがな", "カナ氏名", "氏名カナ", "氏名(カナ)", "カナ", "姓", "名", "本人氏名", "被保険者名", "被保険者氏名", "世帯主名", "世帯主氏名", "世帯主",
    "主治医", "担当医", "担当医師", "担当医名", "主治医名", "医師名", "医師氏名", "処方医", "処方医師", "執刀医", "執刀者", "執刀", "術者", "第一助手", "第二助手", "助手", "麻酔科医",
    "麻酔医", "麻酔担当", "紹介医", "紹介元医師", "紹介先医師", "指導医", "上級医", "研修医", "記載者", "記載医", "記録者", "記入者", "入力者", "作成者", "報告者", "読影医", "読影者",
    "診断医", "病理医", "検査者", "検査技師", "検者", "担当看護師", "受持看護師", "受け持ち看護師", "プライマリーナース", "プライマリナース", "看護師", "薬剤師", "担当薬剤師", "担当者名", "担当者", "担当",
    "責任者", "研究責任者", "研究代表者", "研究分担者", "代表者", "連絡先", "緊急連絡先", "保護者", "保護者名", "保証人", "後見人", "成年後見人", "キーパーソン", "KP", "同意者",
    "代諾者", "立会人", "立会者", "説明者", "説明医師", "署名", "サイン", "文責", "著者", "筆頭著者", "責任著者", "共著者", "解析担当", "解析者", "データ管理者",
    "監修", "協力者", "謝辞", "家族", "家族名", "夫", "妻", "父", "母", "長男", "次男", "二男", "三男", "長女", "次女", "二女", "三女", "兄", "姉", "弟", "妹", "息子", "娘", "孫",
    "祖父", "祖母", "同居者", "配偶者", "内縁の妻", "婚約者", "友人", "ケアマネジャー", "ケアマネージャー", "ケアマネ", "訪問看護師", "相談員", "民生委員", "施設長", "院長", "教授", "宛先", "送付先",
    "patient name", "patient_name", "patientname", "pt name", "full name", "full_name", "fullname", "first name", "first_name", "firstname", "given name", "given_name",
    "last name", "last_name", "lastname", "family name", "family_name", "surname", "name", "name_kana", "kana", "kana_name", "name_kanji", "patient", "pt", "doctor",
    "physician", "attending", "attending physician", "surgeon", "nurse", "author", "authors", "pi", "principal investigator", "contact", "signed", "signature",
    "reviewed by", "prepared by", "written by", "reported by", "created by", "analyst", "guardian", "next of kin", "emergency contact", "seimei", "shimei", "kanja_mei", "kanjamei",
    "namae", "dr", "contact person", "operator", "username", "user",
)  # fmt: skip
"""What stands before a name with a colon, a blank, a tab or a comma between."""

NOT_AFTER_LABEL = _listed(
    "はい いいえ 未済 可 否 不可 該当 非該当 完了 未完了 確認済 確認済み 良 不良 適 不適 要 不要 対象外 yes no ok ng Yes No OK NG "
    "その他 他 以外 以下 以上 合計 非公開 不明 同上 なし 無し 無 有 あり 有り 未定 未記入 匿名 省略 略 削除 削除済 仮名 仮名化 匿名化 非表示 秘匿 マスク済 内科 外科 本人 家族 同居 別居 健在 他界 "
    "死亡 存命 独居 夫 妻 父 母 子 長男 次男 長女 次女 兄 姉 弟 妹 全員 当直 交代 変更 継続 参照 参加 担当 患者 医師 看護師 薬剤師 男 女 男性 女性 男児 女児 高血圧 糖尿病 "
    "既往 既往歴 癌 がん 脳梗塞 心筋梗塞 喘息 認知症 歴 関係 関係者 構成 背景 会議 支援 指導 説明 同意 取得 申請 済 済み 未 名称 一覧 番号 欄 空欄 該当 上記 下記 前記 "
    "氏名 名前 患者名 サマリー データ カラム テスト サンプル ダミー 項目 カナ フリガナ ふりがな 漢字 ローマ字"
)

NOT_GIVEN = _listed(
    "国保 社保 健保 国立 市立 県立 公立 道立 中央 小児 南部 東部 北部 西部 地域 保健 医大 由来 在住 出身 大学 高校 公園 空港 海岸 山麓 水道 鉄道 街道 本線 新道 大橋 大社 神宮 英文 和文 論文 "
    "原文 全文 成人 老人 新人 本人 住人 知人 友人 恋人 愛人 夫人 個人 法人 邦人 外人 軍人 素人 名人 偉人 達人 仙人 芸人 商人 職人 主人 美人 人生 先生 学生 一生 野生 衛生 厚生 更生 再生 発生 新生 "
    "出生 寄生 共生 派生 正式 様式 方式 株式 公式 形式 図式 平和 明治 大正 昭和 平成 令和 市内 県内 周辺 海浜 共済 康復 事例 実例"
)
"""Words that begin and end like given names and stand behind names of places and families."""

AFTER_EPONYM = re.compile(
    r"['’]?s?[ \-・]*(?:病|症候群|症|式|法|分類|試験|テスト|スコア|スケール|徴候|反射|反応|染色|手術|術|検定|曲線|推定|回帰|比例|ハザード|基準|指数|"
    r"係数|角|線|管|腺|体|細胞|小体|奇形|貧血|脳症|脳炎|甲状腺|動脈炎|血管炎|リンパ腫|肉腫|腫瘍|肉芽腫|母斑|型|菌|ウイルス|プロット|モデル|解析|図|補正|"
    r"の公式|の式|の基準|の分類|の方法|の検定|の図|の三徴|三徴|三主徴|四徴|現象|効果|効率|食道|胃|憩室|骨折|脱臼|靭帯|神経|孔|窩|輪|膜|液|培地|"
    r"麻痺|痙攣|発作|失語|聾|眼|紅斑|皮疹|斑|結節|硬化|変性|萎縮|舞踏|ジストロフィー|筋炎|療法|体操|訓練|呼吸|脈|雑音|音|点|肝|腎|関節|指|趾|"
    r"カテーテル|チューブ|ドレーン|鉗子|剪刀|縫合|吻合|切開|切除|固定|副木|装具|包帯|体位|位|圧痛点|皮弁|弁|計|培養|乳房|"
    r"syndrome|disease|test|score|scale|index|classification|criteria|sign|stage|plot|curve|regression|model|correction|thyroiditis|arteritis|"
    r"encephalopathy|lymphoma|sarcoma|tumou?r|cell|bod(?:y|ies)|method|estimat|exact|rank|U test|hazard|procedure|operation|palsy|fracture)",
    re.IGNORECASE,
)
"""What makes the name before it the name of a thing in medicine or statistics."""

EPONYMS = _listed(
    "橋本 川崎 高安 木村 菊池 小柳 原田 長谷川 森田 北村 太田 伊藤 中條 西村 福山 三好 平山 瀬川 大田原 永山 宮坂 柏木 荻野 岡本 木原 内田 クレペリン "
    "矢田部 ギルフォード 石原 石津 佐藤 田中 ビネー 鈴木 山下 土屋 遠城寺 津守 稲毛 新版K 改訂長谷川"
)

ENGLISH = _listed(
    "regression colleague colleagues professor committee review board analysis disease nursing team director manager editor journal chief section division unit service services office society "
    "association foundation school college faculty graduate program project protocol version statistics statistical methods results conclusion background objective discussion limitations "
    "introduction references appendix supplementary supplement acknowledgements acknowledgments ethics informed consent cohort registry trial phase arm visit baseline outcome endpoint primary "
    "secondary subgroup sensitivity model hazard ratio odds risk difference mean median standard deviation error interval confidence all everyone sir madam whom concern may author authors "
    "cardiology nephrology oncology neurology radiology pathology pediatrics psychiatry urology dermatology hematology rheumatology gastroenterology endocrinology pulmonology epidemiology "
    "medicine surgery clinic ward intensive care emergency department hospital university japan tokyo osaka kyoto "
    "a an the of in on at to for from by with and or not no yes is are was were be been has have had do does did can may might will would shall should "
    "rating scale scales inventory impression global mania depression anxiety questionnaire survey checklist modified revised hospital hamilton young beck edinburgh kessler borg "
    "token machine main seen done you he she we me it so too see key keys need needs give given got go goes come say says said take their there these this that "
    "then than them they our out over own put run runs set sets may many most much must new now old once only other own part same say self send set shall show side "
    "kind move name none note page rule sort text time turn unit user view way who why word work zone mesh menu mono niche nano nanotone nominate nominee sake sea tea tee "
    "toe ton too tie tied ten tin tan sin son sun sign soon sooner moon noon noise nose none near year yen yes yet bin ban ben bun bon den don hen her hit hot jump june join "
    "shinryo koui kanja byomei iyaku iyakuhin tokutei seibetsu nenrei kubun hoken kensa kekka nyuin taiin gairai shobyo shochi shujutsu kikan iryo iryou kijun tensu code sha "
    "mean median mode range rate ratio risk score test time date age sex male female case control group total number count sum data set model note notes "
    "table figure fig name names made make take took same some none one two ten men women man woman home hand here more most base case cases line lines "
    "site site's type types value values sample samples size use used using user users no none node nodes mine hero tone tune rise rose nose hose dose doses tube "
    "cohort cohorts study studies method methods result results year years month months day days week weeks hour hours min max std var iqr ci or hr rr "
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun "
    "kaplan meier cox mann whitney wilcoxon fisher bonferroni kruskal wallis pearson spearman student welch levene shapiro wilk bland altman "
    "hosmer lemeshow breslow tarone ware gehan holm tukey dunnett scheffe mcnemar cochran mantel haenszel greenwood akaike bayes poisson weibull "
    "bar barthel katz lawton zarit rankin karnofsky charlson elixhauser apache sofa nyha fontaine forrest killip child pugh gleason breslow clark "
    "hashimoto kawasaki takayasu kikuchi fujimoto kimura vogt koyanagi harada moyamoya sjogren basedow graves crohn behcet alzheimer parkinson "
    "huntington guillain barre hodgkin wilms ewing kaposi hirschsprung marfan down turner klinefelter prader willi wilson addison cushing conn "
    "raynaud still reiter wegener churg strauss goodpasture henoch schonlein meniere bell horner tourette rett asperger creutzfeldt jakob lewy pick "
    "wernicke korsakoff lambert eaton charcot marie tooth duchenne becker brugada wolff white stevens johnson quincke castleman "
    "python pandas numpy scipy stata sas spss prism matlab excel jupyter seaborn matplotlib statsmodels sklearn lifelines julia ggplot tidyverse "
    "japan japanese tokyo osaka kyoto nagoya kobe sapporo sendai fukuoka hiroshima chiba saitama yokohama kawasaki niigata nagano shizuoka okinawa "
    "tohoku kanto chubu kansai kinki chugoku shikoku kyushu hokkaido aichi hyogo university hospital medical center centre national institute department "
    "school college clinic city prefecture ward research general association society ministry health japan's china korea america american asian european "
    "north south east west new york london united states kingdom world global international annual report version open source code random forest tree "
    "true false null nan na none inf index columns column rows row axis label labels title import export print return def class self args kwargs "
    "admission discharge emergency intensive care unit internal medicine surgery pediatrics cardiology oncology neurology psychiatry radiology "
    "blood pressure heart lung liver kidney renal hepatic cancer tumor tumour cell acute chronic severe mild moderate primary secondary baseline "
    "patient patients doctor nurse physician author authors contact surgeon attending hospital treatment therapy drug dose oral injection placebo "
    "body mass index height weight head neck knee hip hand foot left right upper lower high low normal abnormal positive negative unknown other others "
    "sake sushi judo karate kanji kana hiragana katakana manga anime samurai ninja tsunami origami karaoke kimono tofu miso soba udon ramen sensei "
    "inner outer join merge group by order where select limit begin end start stop first last next prev open close read write file path "
    "are ate ore ire era area aim ace ice ode one ago ore sane sate sore site sire tame tire tore tale nine nice niche none nose rice rise "
    "hate hike hose mate mine mite mute rite rote ruse rune sure tote mire more mire motor moto auto photo micro macro meta beta theta zeta iota "
    "anti non semi sub super post pre per inter intra trans mono poly multi ki kit sodium calcium insulin serum plasma toe toes tie use used "
    "shannon euler gauss newton markov monte carlo hamilton youden brier harrell gray fine"
)
"""English and Latin words, units, places and eponyms, of which some also read as Japanese names."""

SURNAMES_ABROAD = _listed(
    "tamang gurung rai limbu sherpa magar karki khatri adhikari poudel ghimire bhandari maharjan shrestha thapa gupta rao reddy mehta joshi nair iyer verma mishra pandey yadav das bose banerjee "
    "mukherjee chatterjee kapoor malhotra agarwal desai shah perera fernando silva jayawardena bandara wickramasinghe karunaratne islam akter chowdhury begum uddin miah sarkar hossain alam "
    "wijaya suharto prasetyo setiawan kusuma nugroho rahmawati susanto gunawan hartono saputra lestari wulandari suryani ocampo domingo dizon pascual salazar villanueva mercado magsaysay "
    "manalo dela rosario quispe mamani huaman nakasone almeida carvalho lima barbosa lopes ferraz pinto campos freitas andrade moraes vieira monteiro "
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly doan truong dinh lam trinh mai dao luong ta chau vuong "
    "oconnor obrien mcdonald campbell robertson simpson hudson harrison ward bailey howard fitzgerald sullivan kennedy ferguson macdonald armstrong wallace "
    "lefebvre moreau fournier girard bonnet lambert fontaine rousseau schneider hoffmann schafer koch richter wolf schroder neumann zimmermann braun kruger hartmann "
    "rossi russo esposito romano colombo ricci marino greco conti smirnov kuznetsov volkov lebedev morozov petrova ivanova kovalenko shevchenko bondarenko lindqvist lindstrom bergstrom holm "
    "andersson johansson karlsson nilsson eriksson larsson olsson persson svensson hansen johansen olsen larsen nielsen jensen pedersen andersen christensen virtanen korhonen jonsson "
    "novak kowalski nowak kovac horvat popescu ionescu papadopoulos yilmaz demir kaya hassan hussein ahmad ibrahim khalil mansour haddad nasser saleh rashid malik siddiqui qureshi "
    "aung kyaw htun win thein soe zaw hlaing myint sithu okafor mensah abebe tesfaye diallo traore ndiaye kamau mwangi ouyang sima zhuge shangguan situ xiahou huangfu "
    "dos fernandez jimenez ruiz moreno alvarez romero navarro dominguez vazquez castro ortega delgado vega castillo soto guerrero medina rojas aguilar pena vargas herrera "
    "barbosa rocha dias nunes mendes cardoso teixeira moreira cavalcanti nascimento araujo ribeiro macedo yamashita "
    # China, in pinyin; Korea; Vietnam; elsewhere. The commonest by the countries' own censuses, in usual romanisation.
    "wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu dong xiao cheng cao "
    "yuan deng fu shen zeng peng lu su jiang cai jia ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan sheng zou xiong jin "
    "kim lee park choi jung jeong kang cho yoon yun jang lim im han oh seo shin kwon hwang ahn song yoo yoo hong jeon ko moon yang bae baek heo nam "
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly trinh dinh "
    "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson thomas taylor moore jackson "
    "martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king wright scott torres hill flores green adams "
    "nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales "
    "murphy cook rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos silva santos oliveira souza pereira costa ferreira "
    "almeida carvalho gomes ribeiro muller schmidt schneider fischer weber meyer wagner schulz becker hoffmann bauer dubois durand leroy moreau bernard "
    "rossi ferrari esposito bianchi ivanov petrov sidorov popov kumar singh sharma patel gupta khan ali ahmed rahman hossain thapa gurung shrestha tamang "
    "dela cruz bautista mendoza aquino villanueva wijaya santoso putri sari hidayat perera fernando silva"
)

GIVEN_ABROAD = _listed(
    "bjorn lars erik sven anders johan nils ingrid astrid freja soren jens mikkel pawel piotr andrzej katarzyna agnieszka marek jan tomas jiri petra lukas matteo giulia luca marco alessandro "
    "chiara francesca guillaume antoine thomas camille juliette manon lea hugo louis theo emil rahim karim yusuf mustafa mehmet ahmet emre ayse zeynep elif omar khalid faisal nadia leila zainab "
    "maryam noor amina hamza bilal tariq imran zahid anil sunil dinesh bikash ram sita gita sabina prakash narayan krishna suresh ramesh rajesh lakshmi arjun rohan neha pooja kavita meena sushila "
    "tenzin pasang dawa mingma bikram nuwan kasun chamara dilani sanduni nimal kamal somchai somsak prasert siriporn wanna pranee supachai narong aung thida nilar zaw myo khin su hnin "
    "budi agus dewi siti ayu rizki andi eko wahyu rina nur putu made ketut maricel jennelyn rowena arnel rodel jomar analyn cherry lourdes joselito reynaldo danilo renato rodrigo thiago felipe "
    "bruno gustavo marcelo fernanda juliana beatriz leticia larissa camila amanda gabriela diego alejandro javier sergio raul guadalupe rocio milagros yolanda edwin wilmer "
    "tuan thanh hieu quynh nhung trinh yen thao tam bao khanh khoa loc phuc vinh bich chau dao diep giang hanh hang hong kieu ly my nga nhi oanh quyen tien trung tu tuyet uyen vy xuan "
    "tom tim jim bob bill ben sam max joe dan ken ron ted fred greg jeff alan allan albert alfred andy arthur barry bruce calvin carlton cecil chad clarence claude clifford clyde "
    "craig curtis dale darren dean derek douglas duncan dwight earl edgar edwin elliot ernest eugene felix floyd francis franklin gabriel gavin geoffrey gerald gilbert glenn gordon "
    "graham grant harvey hector herbert herman howard hugh hugo ian isaac ivan jake jared jay jesse joel jordan josef julian karl keith kirk kurt lance leonard leroy leslie lester lloyd "
    "logan louis luke malcolm marcus mario marvin maurice max melvin milton mitchell mohamed morris nathaniel neil nelson nick noah norman oliver oscar owen pablo percy perry philip "
    "phillip ralph randy reginald rex rodney roger roland roman ross roy rudolf russell sean sebastian shane shawn sidney simon spencer stanley stuart sven theodore toby todd tony travis "
    "trevor tristan vernon victor vincent walt warren wayne wesley wilbur wilfred winston xavier zachary abigail ada adele agnes alexandra alexis alicia alison amelia angelina anita annie "
    "april arlene audrey beatrice bella bernice bertha beth betsy beverly bonnie brooke caroline carrie cecilia celia charlotte chloe clara claudia connie crystal daisy dana danielle daphne "
    "dawn deanna denise diana dolores doris edith edna eileen elaine eleanor elena ella ellen eloise elsa elsie erica erin esther ethel eva eve faith fay felicia fiona flora florence "
    "freda gail geraldine gina glenda grace greta gwen hazel heidi henrietta hilda holly hope ida ingrid irene iris isabella ivy jackie jane janet jasmine jeanette jenna jenny jill jo "
    "joanna joanne josephine joy juanita judy june kara kate katie katrina kay kerry kim kristen kristin lana lauren leah lena leona lily linda lois lola loretta lorraine louise lucille "
    "lucy lydia lynn mabel madeline mae maggie marcia margo marian marianne marilyn marjorie marlene maureen maxine melanie mercedes meredith mia mildred miranda miriam molly monica muriel "
    "myrtle nadia naomi natalie nina nora norma olga opal paula pauline pearl peggy penny phoebe phyllis polly priscilla regina renee rhonda rita roberta robin rosa rosalie rose rosemary "
    "ruby sabrina sally sandy selma serena sheila shelly sherry silvia sonia sophia stella sue susie sylvia tamara tanya tara tina tracy trudy ursula valerie vanessa vera veronica vicki "
    "viola vivian wanda wendy wilma winifred yolanda yvette yvonne zoe "
    "james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven paul andrew joshua "
    "kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin "
    "samuel gregory alexander frank patrick raymond jack dennis jerry tyler aaron jose adam henry nathan peter kyle walter ethan jeremy harold carl "
    "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly emily donna michelle "
    "carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen "
    "samantha katherine christine debra rachel carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren "
    "christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice jean alice "
    "carlos luis juan miguel pedro antonio francisco manuel rafael fernando ricardo jorge paulo joao lucas mateus ana lucia sofia isabel carmen rosa "
    "hans peter klaus jurgen wolfgang stefan andreas monika ursula pierre jacques philippe michel francois marie sophie claire ivan dmitri sergei olga "
    "natalia tatiana mohammed muhammad ahmed ali hassan omar fatima aisha priya anjali rahul amit sanjay deepak sunita arun vijay "
    "thi van minh anh lan hoa mai linh huong hung dung tuan nam thanh hai phuong thuy trang ngoc quang duc long"
)

KATAKANA_ABROAD = _listed(
    "サントス クルス レイエス ガルシア バウティスタ オカンポ ドミンゴ エルナンデス ロメロ アルバレス フローレス カスティーリョ ゴンサレス ディアス ペレス サンチェス ラミレス リベラ ロハス キスペ ママニ ワマン マルティン ナカソネ "
    "シルヴァ アルメイダ カルヴァーリョ ロドリゲス リマ バルボーザ ロシャ ヌネス カルドーゾ ホドリゴ フェリペ ジョアン チアゴ ブルーノ ラファエル グスタヴォ マルセロ レナート アンドレ ファビオ ジュリアナ フェルナンダ カミラ アマンダ ベアトリス レチシア "
    "タマン グルン ライ リンブー シェルパ マガル カルキ カトリ アディカリ ポウデル ギミレ バンダリ マハルジャン シュレスタ アニル ラム シタ ギータ スニル ディネシュ ビカス サビナ プラカシュ ナラヤン クリシュナ "
    "グプタ ラオ レディ メータ ジョシ ナイル イヤー スレーシュ ヴィジェイ アルジュン ラジ プリヤンカ アンジャリ デヴィ ミーナ シュリー ペレーラ フェルナンド シルワ ジャヤワルダナ バンダラ カルナラトネ ウィクラマシンハ "
    "ホセイン イスラム アクタル チョードリー ベーグム ウッディン カリム ラヒム ジャハン ハッサン フセイン アリー サイード イブラヒム アフマド マフムード ユスフ オスマン ナディア レイラ ザイナブ ハリド ファイサル "
    "ウィジャヤ スハルト スカルノ プラセティオ セティアワン クスマ ヌグロホ ラフマワティ ヌルハヤティ スリヤニ ウタミ アンドリ ブディマン リズキ デフィ アユ "
    "ソムチャイ ソムサック プラユット チャイヤ シリポーン ナロン ワンナー プラニー スパチャイ アウン チョー ミャ ウィン テイン ゾー ニー サンダー キン トゥン ナイン モー ピョー スー テッ ザヤ "
    "グエン チャン レー ファム ホアン フイン ファン ブー ヴ ダン ブイ ホー ゴー ズオン リー ドアン チュオン ディン ラム トゥー ハー ビン ロン トゥン フック クアン ヒエウ ダット ニュン トゥイ ニャット バオ "
    "ミラー デイヴィス ウィルソン モーガン クーパー リード ベイリー ケリー ハワード ワード ターナー コリンズ スチュワート モリス ロジャーズ マーフィー オコナー オブライエン マクドナルド キャンベル ロバートソン シンプソン ハドソン ハリソン "
    "アンデルセン ヨハンソン ニルソン ラーション ハンセン ノヴァーク コワルスキー シュルツ ベッカー フィッシャー マイヤー デュボワ ルフェーブル モロー ロッシ ビアンキ コスタ イワノフ スミルノフ ポポフ クズネツォフ アンナ エレナ "
    "オ シム ヨム ソク オム ピョン ナムグン ファンボ チャ ウ ク ミン チン チュ オク ト ソル ジューガー チューコー スーマー オウヤン シャオ シエ シェ グオ クオ ドン ルー ロー ハン タン ジャン ズー ポン ペン ディン レン ヤオ ルオ ジン ゾン "
    "ファン リャオ ゾウ シオン バイ マオ チウ チアン グー シャオ メン ドゥアン レイ ホウ タオ ゴン トー ハオ シー ジア フォン デン ツォン ツェン スー チャオ ユー ジョン ニー イン "
    "シュミット ミュラー シュナイダー ワーグナー ベッカー シュルツ ホフマン デュボワ デュポン マルタン ベルナール ルロワ モロー ロッシ フェラーリ ビアンキ エスポジト イワノフ イワノワ ペトロフ ペトロワ シドロフ ポポフ ノヴァク "
    "クラウス ハンス ユルゲン シュテファン ウルスラ ピエール ジャック フィリップ ソフィー クレール マルコ ジュリア ルカ ドミトリー セルゲイ タチアナ ラジェシュ スレシュ アミット ラフル サンジャイ スニタ ビシャール アグス スリ デウィ ブディ "
    "ソムチャイ スパポーン マウン アウン ミン トゥン バトバヤル ボルド オユン ムハマド オマル アイシャ アブドゥル ヌル シティ デラクルス メンドーサ アキノ ビラヌエバ モラレス ラモス ゴメス オルティス ヒメネス トーレス "
    "キム パク チェ チョン イ リ カン チョ ユン チャン イム ハン シン ソ クォン ファン アン ソン ユ ホン チョン コ ムン ヤン ペ ペク ホ ナム ノ リム リュ "
    "ワン リー リュウ チャン ツァン チェン ヤン ジャオ ホアン ジョウ ウー シュー スン フー ジュー ガオ リン ホー グオ マー ルオ リャン チン ウェイ シェン ツァイ オウ チョウ コウ ゴ "
    "グエン チャン レ ファム ホアン フイン ファン ヴー ヴォー ダン ブイ ド ホ ゴ ズオン リ "
    "スミス ジョンソン ウィリアムズ ブラウン ジョーンズ ガルシア ミラー デイビス ロドリゲス マルティネス ヘルナンデス ロペス ゴンザレス ウィルソン アンダーソン トーマス テイラー ムーア ジャクソン "
    "マーティン トンプソン ホワイト ハリス クラーク ルイス ロビンソン ウォーカー ヤング アレン キング スコット グリーン アダムス ベイカー ネルソン カーター ミッチェル サントス シルバ オリベイラ "
    "ソウザ ペレイラ コスタ フェレイラ クマール シン シャルマ パテル カーン アリ アフメド ラーマン フセイン タパ グルン シュレスタ タマン クルス レイエス バウティスタ "
    "ジョン ジェームズ ロバート マイケル ウィリアム デイビッド リチャード ジョセフ チャールズ ダニエル マシュー アンソニー マーク スティーブン ポール アンドリュー ケネス ケビン ブライアン ジョージ "
    "エドワード ピーター ヘンリー メアリー メアリ パトリシア ジェニファー リンダ エリザベス バーバラ スーザン サラ カレン ナンシー マーガレット エミリー ミシェル キャロル アンナ アナ マリア マリー ルーシー "
    "ジェーン ケイト エマ ソフィア オリビア カルロス ルイス ホセ フアン ミゲル ペドロ アントニオ フェルナンド パウロ ルーカス イワン ナターリア オルガ モハメド ムハンマド アハメド ハッサン ファティマ プリヤ "
    "ティ ヴァン バン ミン アイン ラン ホア マイ リン フオン フン ズン トゥアン タイン ハイ トゥイ チャン ゴック"
)

KANJI_ABROAD = _listed(
    "王 李 張 劉 陳 楊 趙 黄 周 呉 徐 孫 胡 朱 高 林 何 郭 馬 羅 梁 宋 鄭 謝 韓 唐 馮 于 董 蕭 程 曹 袁 鄧 許 傅 沈 曾 彭 呂 蘇 盧 蒋 蔡 賈 丁 魏 薛 葉 閻 余 潘 杜 戴 夏 鍾 汪 田 任 姜 范 方 石 姚 "
    "譚 廖 鄒 熊 金 陸 孔 白 崔 康 毛 邱 秦 江 史 顧 侯 邵 孟 龍 万 段 雷 銭 湯 尹 黎 易 常 武 喬 賀 頼 龔 文 朴 姜 趙 尹 張 林 韓 呉 徐 申 権 黄 安 宋 柳 洪 全 高 文 孫 梁 裴 白 曺 許 南 沈 盧 "
    "欧陽 司馬 諸葛 上官 南宮 鮮于 皇甫 阮 黎 范 黄 潘 武 裴 呉 楊"
)

KATAKANA_EPONYMS = _listed(
    "プロット テスト スコア スケール インデックス モデル "
    "ギラン バレー カプラン マイヤー マイアー クロイツフェルト ヤコブ シャルコー マリー トゥース スティーブンス スティーヴンス ジョンソン シェーグレン ウィルコクソン マン ホイットニー クラスカル ウォリス "
    "コックス フィッシャー ボンフェローニ ホスマー レメショウ ブランド アルトマン チャイルド ピュー グレーブス バセドウ ヘノッホ シェーンライン チャーグ ストラウス グッドパスチャー レビー ランバート イートン "
    "ウェルニッケ コルサコフ プラダー ウィリー エーラス ダンロス ウォルフ パーキンソン ホワイト ホジキン バーセル カルノフスキー アルツハイマー クローン ベーチェット ハンチントン デュシェンヌ ベッカー ブルガダ "
    "ウェゲナー カポジ ユーイング ウィルムス ヒルシュスプルング マルファン ダウン ターナー クラインフェルター ウィルソン アジソン クッシング コン レイノー ライター メニエール ベル ホルネル トゥレット レット "
    "アスペルガー ピック マロリー ワイス ゾリンジャー エリソン プランマー ビンソン バッド キアリ ミラー フィッシャー ドラベ レノックス ガストー ウェスト スタージ ウェーバー フォン ヒッペル リンダウ レックリングハウゼン "
    "ファロー アイゼンメンジャー フォンテイン スタンフォード ドベーキー フォレスター キリップ スワン ガンツ ブラロック タウシッヒ ビルロート ルー ワイ マックバーニー ブルンベルグ マーフィー ラセーグ バビンスキー "
    "ロンベルグ ケルニッヒ ブルジンスキー クスマウル チェーン ストークス ビオー グラム ギムザ パパニコロウ チール ネルゼン ヘマトキシリン エオジン ポアソン ワイブル ガウス マルコフ モンテ カルロ スピアマン ピアソン "
    "ケンドール スチューデント ウェルチ シャピロ ウィルク コルモゴロフ スミルノフ マンテル ヘンツェル コクラン アーミテージ ダネット テューキー ホルム ロジスティック ジャクソン キャッスルマン ローランド エプワース "
    "トレンデレンブルグ ファーラー シムス クスコ フォーリー ペンローズ ケリー コッヘル ペアン メッツェンバウム クーパー ラングハンス クッパー ライディッヒ セルトリ シュワン ミュラー ランゲルハンス ボウマン ヘンレ パイエル"
)

KATAKANA_THINGS = _listed(
    "メディカル クリニック センター バンク ホスピタル サービス スケール グループ システム プロジェクト カレッジ ユニバーシティ インデックス ドーム ヒル セント リーグ フィヨルド ビスタ コーマ スコア プロット テスト "
    "ケア ホーム ステーション ネットワーク コホート スタディ トライアル ファーマ テクノロジー ソフト ラボ リサーチ データ ウイルス コロナ インフルエンザ レベル タイプ モデル クラス ステージ グレード ユニット チーム"
)
"""Words that make katakana with dots the name of a thing."""

ALSO_WORDS = _listed(
    "max grant mark frank faith grace hope holly iris ivy joy june april dawn daisy crystal pearl ruby rose opal sandy penny dean dale earl ray rex art bill sue gene will jack jay "
    "robin viola glen kim lee long dung hung nam mai lan minh van duc hai thanh josh pat ben bella stella aurora victoria virginia georgia florence charlotte austin jordan israel "
    "sydney paris madison jackson carter mason parker baker cook hunter fisher tanner chase clay reed heath forest cliff brook brooke wade lance guy miles "
    "nick harry rusty dusty rocky sunny misty stormy autumn summer amber jade ginger rosemary olive heather violet lily jasmine hazel myrtle fern angel carol drew"
)
"""Given names from abroad that are words of English too: with them the family name has to be a known one."""
