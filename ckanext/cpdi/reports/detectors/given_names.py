"""Given names that are common in the United States, in English and Spanish.

Names that are words or places as well (Mark, Grant, Charlotte, Jordan, Austin, April) are left out: tables of offences
and places are full of these.
"""

from __future__ import annotations

GIVEN_NAMES = frozenset(
    """
    aaron abigail adam adrian adriana aidan aiden alan albert alberto alejandra alejandro alex alexander
    alexandra alexis alfredo alice alicia alison allen allison alma alyssa amanda amber amelia amy ana andre
    andrea andreas andres andrew angel angela angelica angelina angelo anita ann anna anne annette annie anthony
    antoine antonia antonio armando arnold arthur arturo audrey barbara barry beatriz benjamin bernard bernice
    beth betty beverly bobby bonnie brad bradley brandon brandy brenda brendan brent brett brian brianna
    brittany brooke bruce bryan byron caitlin caleb calvin cameron camila carl carla carlos carmen carol carole
    caroline carolyn carrie casey cassandra catherine cathy cecilia cesar chad charlene charles charlie cheryl
    chris christian christina christine christopher cindy claire clara clarence claudia clifford clinton cody
    colin colleen connie connor corey cory courtney craig crystal curtis cynthia damian dan dana daniel daniela
    danielle danny darlene darnell darrell darren darryl dave david dawn deandre deborah debra delores denise
    dennis derek derrick destiny devin devon diana diane diego dolores dominic dominique don donald donna doris
    dorothy douglas duane dustin dwayne dylan earl eddie edgar eduardo edward edwin eileen elaine eleanor elena
    eli elijah elizabeth ella ellen emilio emily emma enrique eric erica ericka erik erika erin ernest ernesto
    esteban esther ethan eugene eva evan evelyn felicia felipe fernando florence frances francesca francis
    francisco frank franklin fred frederick gabriel gabriela gabriella gary gavin geoffrey george gerald gerardo
    gilbert gina gladys glenn gloria gordon grace greg gregory guadalupe guillermo gustavo hailey hannah harold
    harry heather hector heidi helen henry herbert herman hilda holly howard hugo ian ignacio irene iris isaac
    isabel isabella isaiah ivan jack jackie jackson jacob jacqueline jada jaime jake jamal james jamie jan jane
    janet janice jared jasmine jason javier jay jean jeanette jeff jeffery jeffrey jenna jennifer jenny jeremiah
    jeremy jermaine jerome jerry jesse jessica jesus jill jim jimmy joan joann joanna joanne joe joel john
    johnny jon jonathan jorge jose joseph josephine joshua joyce juan juana juanita judith judy julia julian
    juliana julie julio justin kaitlyn karen karina karl kate katelyn katherine kathleen kathryn kathy katie
    kayla keisha keith kelly kelsey kendra kenneth kenny kevin kiara kim kimberly kirk kristen kristin kristina
    kurt kyle lamar lance larry latasha latoya laura lauren laurie lawrence leah leonard leroy leslie leticia
    lewis liam lillian linda lindsay lindsey lisa lloyd logan lois lonnie loretta lori lorraine louis louise
    lucas lucia lucille lucy luis luke luther lydia lynn mackenzie malcolm malik manuel marc marcia marco marcos
    marcus margaret maria mariah mariana marie marilyn mario marion marisol marjorie marlene marquis martha
    martin marvin mary mason mateo mathew matthew maureen maurice max megan melanie melinda melissa melvin
    mercedes meredith mia michael michele michelle miguel mike mildred milton mitchell molly monica monique
    morgan nancy natalie natasha nathan nathaniel neil nicholas nicole nina noah noel nora norma norman olga
    oliver olivia omar oscar pablo pamela patricia patrick paul paula pauline pedro peggy peter philip phillip
    phyllis priscilla rachel rafael ralph ramon randall randy raquel raul raymond rebecca regina reginald renee
    ricardo richard rick ricky rita robert roberta roberto robin rodney rodolfo rodrigo roger roland ronald
    ronnie rosa rosemary roy ruben russell ruth ryan sabrina sally salvador sam samantha samuel sandra santiago
    sara sarah scott sean sebastian sergio seth shane shannon sharon shaun shawn sheila shelby sherry shirley
    simon sofia sonia sophia spencer stacey stacy stanley stephanie stephen steve steven stuart susan susana
    suzanne sylvia tamara tammy tanya tara tasha tatiana taylor teresa terrance terrence terry theodore theresa
    thomas tiffany tim timothy tina todd tom tommy toni tony tonya tracey tracy travis trevor tristan troy tyler
    tyrone valeria valerie vanessa vera vernon veronica vicente vicki victor vincent vivian walter wanda warren
    wayne wendy wesley whitney william willie xavier yesenia yolanda yvette yvonne zachary
    """.split()
)
